#include "tests/support/http_fixture.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace apisync::test {

namespace {

http_request parse_head(std::string_view head) {
  http_request request;
  const auto line_end = head.find("\r\n");
  const auto line = head.substr(0, line_end);
  const auto space = line.find(' ');
  request.method = line.substr(0, space);
  request.target = line.substr(space + 1, line.rfind(' ') - space - 1);
  for (auto at = line_end + 2; at < head.size();) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const auto field = head.substr(at, end - at);
    const auto colon = field.find(": ");
    std::string name(field.substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (colon != std::string_view::npos) request.headers[name] = field.substr(colon + 2);
    at = end + 2;
  }
  return request;
}

} // namespace

bool http_connection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void http_connection::wait_for_close() const {
  std::array<char, 256> ignored{};
  while (::recv(fd_, ignored.data(), ignored.size(), 0) > 0) {
  }
}

void http_connection::drip(std::string_view bytes) const {
  constexpr int pause_ms = 20;
  for (std::size_t i = 0;; ++i) {
    pollfd closed{fd_, POLLRDHUP, 0};
    if (::poll(&closed, 1, pause_ms) != 0 || !send(bytes.substr(i % bytes.size(), 1))) return;
  }
}

http_fixture::http_fixture(handler answer) : answer_(std::move(answer)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, generic, &length) != 0)
    throw std::runtime_error("no loopback socket for the HTTP fixture");
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

http_fixture::~http_fixture() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(listener_);
  std::vector<std::thread> serving;
  {
    const std::scoped_lock lock(mutex_);
    for (const int fd : open_)
      ::shutdown(fd, SHUT_RDWR);
    serving.swap(serving_);
  }
  for (auto& thread : serving)
    thread.join();
}

std::string http_fixture::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<http_request> http_fixture::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

bool http_fixture::wait_for_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return came_.wait_for(lock, std::chrono::seconds(10), [&] { return requests_.size() >= count; });
}

std::string http_fixture::answer(int status, const std::string& headers, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " Because\r\n" + headers +
         "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

void http_fixture::accept_all() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const std::scoped_lock lock(mutex_);
    open_.push_back(fd);
    serving_.emplace_back([this, fd] { serve(fd); });
  }
}

void http_fixture::serve(int fd) {
  std::string text;
  std::array<char, 4'096> chunk{};
  auto head_end = std::string::npos;
  const auto receive = [&] {
    const auto count = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (count > 0) text.append(chunk.data(), static_cast<std::size_t>(count));
    return count > 0;
  };
  while ((head_end = text.find("\r\n\r\n")) == std::string::npos && receive()) {
  }
  if (head_end != std::string::npos) {
    auto request = parse_head(std::string_view(text).substr(0, head_end + 2));
    const auto length = request.headers.find("content-length");
    const std::size_t expected =
        length == request.headers.end() ? 0 : std::strtoul(length->second.c_str(), nullptr, 10);
    while (text.size() < head_end + 4 + expected && receive()) {
    }
    request.body = text.substr(head_end + 4);
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    came_.notify_all();
    answer_(request, http_connection(fd));
  }
  const std::scoped_lock lock(mutex_);
  std::erase(open_, fd);
  ::close(fd);
}

} // namespace apisync::test

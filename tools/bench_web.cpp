#include "tools/bench_web.hpp"

#include "sources/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace apisync::tools {
namespace {

using sources::unique_fd;

constexpr std::size_t head_bytes_max = 16U << 10;
constexpr std::string_view known = "\"same\"";

/// A document with one operation, of about 400 bytes.
std::string document(std::string_view name, std::uint64_t version) {
  return R"({"openapi":"3.1.0","info":{"title":"Service )" + std::string{name} +
         R"(","version":"1.)" + std::to_string(version) +
         R"("},"paths":{"/things/{id}":{"get":{"operationId":"getThing","parameters":[{"name":"id",)"
         R"("in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":)"
         R"({"description":"The thing","content":{"application/json":{"schema":{"type":"object",)"
         R"("properties":{"id":{"type":"string"},"name":{"type":"string"}}}}}}}}}}})";
}

/// Answers connections with one thread, until the process is killed.
class web {
public:
  explicit web(unique_fd listener)
      : listener_{std::move(listener)}, poll_{::epoll_create1(EPOLL_CLOEXEC)} {
    watch(listener_.get());
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      auto const count = ::epoll_wait(poll_.get(), events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        auto const fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == listener_.get())
          accept_all();
        else
          serve(fd);
      }
    }
  }

private:
  void watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

  void accept_all() {
    for (;;) {
      auto const fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) return;
      constexpr int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      heads_.emplace(fd, std::string{});
      watch(fd);
    }
  }

  void serve(int fd) {
    std::array<char, 4'096> bytes; // NOLINT(*-member-init): read into
    auto const count = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    auto& head = heads_[fd];
    if (count > 0) head.append(bytes.data(), static_cast<std::size_t>(count));
    bool good = count > 0 && head.size() <= head_bytes_max;
    for (auto end = head.find("\r\n\r\n"); good && end != head.npos; end = head.find("\r\n\r\n")) {
      auto const text = answer(std::string_view{head}.substr(0, end));
      head.erase(0, end + 4);
      // Small answers to one request at a time fit into the socket's buffer.
      good =
          ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    if (good) return;
    heads_.erase(fd);
    ::close(fd);
  }

  std::string answer(std::string_view head) {
    auto const start = head.find(' ') + 1;
    auto const path = head.substr(start, head.find(' ', start) - start);
    auto const name = path.substr(path.rfind('/') + 1);
    bool const same = path.starts_with("/same/");
    if (same && head.find(known) != head.npos)
      return "HTTP/1.1 304 Not Modified\r\nETag: \"same\"\r\n\r\n";
    auto const body = document(name, same ? 0 : ++versions_);
    auto const tag = same ? std::string{known} : '"' + std::to_string(versions_) + '"';
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: " + tag +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  unique_fd listener_, poll_;
  std::map<int, std::string> heads_; ///< What has come of the next request, by connection.
  std::uint64_t versions_ = 0;
};

result<unique_fd> listen_on_loopback(std::uint16_t& port) {
  unique_fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  constexpr char interface[] = "lo";
  if (fd.get() < 0 ||
      ::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, interface, sizeof interface) != 0 ||
      ::bind(fd.get(), generic, length) != 0 || ::listen(fd.get(), SOMAXCONN) != 0 ||
      ::getsockname(fd.get(), generic, &length) != 0)
    return fail(errc::unavailable,
                std::string{"no server on the loopback interface: "} + std::strerror(errno));
  port = ntohs(address.sin_port);
  return fd;
}

} // namespace

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

result<std::unique_ptr<bench_web>> bench_web::start() {
  std::uint16_t port = 0;
  auto listener = listen_on_loopback(port);
  if (!listener) return tl::unexpected{listener.error()};
  auto const process = ::fork();
  if (process < 0) return fail(errc::unavailable, "no process for the server");
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // it goes with the benchmark, however that ends
    web{std::move(*listener)}.run();
  }
  return std::unique_ptr<bench_web>{new bench_web{process, port}};
}

bench_web::~bench_web() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

} // namespace apisync::tools

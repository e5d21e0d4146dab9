#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace apisync::test {

/// A TCP connection to 127.0.0.1 that says exactly what it is told to.
class raw_client {
public:
  explicit raw_client(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error{"cannot connect"};
  }
  raw_client(raw_client&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  raw_client& operator=(raw_client&&) = delete;
  ~raw_client() {
    if (fd_ >= 0) ::close(fd_);
  }

  /// False when the server does not take it all.
  bool send(std::string_view text) {
    while (!text.empty()) {
      auto const sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Everything until `mark` has come, the server closes, or ten seconds are over.
  std::string read_until(std::string_view mark) {
    while (mark.empty() || received_.find(mark) == std::string::npos) {
      pollfd watched{fd_, POLLIN, 0};
      if (::poll(&watched, 1, 10'000) <= 0) break;
      std::array<char, 65536> piece{};
      auto const got = ::recv(fd_, piece.data(), piece.size(), 0);
      if (got <= 0) {
        closed_ = true;
        break;
      }
      received_.append(piece.data(), static_cast<std::size_t>(got));
    }
    return std::exchange(received_, {});
  }

  /// Everything until the server closes.
  std::string read_all() { return read_until({}); }

  /// One answer with a Content-Length.
  std::string read_answer() {
    auto text = read_until("\r\n\r\n");
    auto const end = text.find("\r\n\r\n");
    auto const at = text.find("Content-Length: ");
    if (end == std::string::npos || at == std::string::npos) return text;
    auto const size = end + 4 + std::strtoul(text.c_str() + at + 16, nullptr, 10);
    while (text.size() < size && !closed_) {
      pollfd watched{fd_, POLLIN, 0};
      std::array<char, 65536> piece{};
      if (::poll(&watched, 1, 10'000) <= 0) break;
      auto const got = ::recv(fd_, piece.data(), piece.size(), 0);
      if (got <= 0) break;
      text.append(piece.data(), static_cast<std::size_t>(got));
    }
    if (text.size() > size) received_ = text.substr(size);
    return text.substr(0, size);
  }

  [[nodiscard]] bool closed() const { return closed_; }

private:
  int fd_;
  std::string received_;
  bool closed_ = false;
};

} // namespace apisync::test

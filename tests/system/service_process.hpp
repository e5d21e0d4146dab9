#pragma once

#include <arpa/inet.h>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace apisync::test {

/// The `apisync` program, run as a user runs it.
class program {
public:
  /// Starts it with its output on a pipe. `input` is what a person types, a few lines at most;
  /// without any the input is the test's own.
  explicit program(std::vector<std::string> arguments, std::string_view input = {}) {
    int out[2];
    int in[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(in, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    if (::write(in[1], input.data(), input.size()) != static_cast<ssize_t>(input.size()))
      throw std::runtime_error("too much input for a pipe");
    ::close(in[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
      if (!input.empty()) ::dup2(in[0], STDIN_FILENO);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL); // no orphan when the test dies
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(out[1], STDERR_FILENO);
      arguments.insert(arguments.begin(), APISYNC_PROGRAM);
      std::vector<char*> argv;
      for (auto& argument : arguments)
        argv.push_back(argument.data());
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    out_ = out[0];
  }

  ~program() {
    if (pid_ > 0) finish(SIGKILL);
    ::close(out_);
  }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  /// Reads output until the text has come; everything up to the end of its line. Throws when the
  /// program ends first or nothing comes for half a minute.
  std::string wait_for(std::string_view text) {
    for (;;) {
      const auto at = output_.find(text);
      if (at != std::string::npos) {
        const auto end = output_.find('\n', at);
        if (end != std::string::npos) return output_.substr(at, end - at);
      }
      if (!read_some(30'000)) throw std::runtime_error("the program said only: " + output_);
    }
  }

  /// Sends a signal, unless 0, and waits for the end; the exit status, or 128 and the signal.
  int finish(int signal) {
    if (signal != 0) ::kill(pid_, signal);
    while (read_some(60'000)) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void send(int signal) const { ::kill(pid_, signal); }

  /// Everything that it has printed so far.
  [[nodiscard]] const std::string& output() const { return output_; }

private:
  bool read_some(int wait_ms) {
    pollfd ready{out_, POLLIN, 0};
    if (::poll(&ready, 1, wait_ms) <= 0) return false;
    char buffer[4096];
    const auto count = ::read(out_, buffer, sizeof buffer);
    if (count <= 0) return false;
    output_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = 0;
  int out_ = -1;
  std::string output_;
};

/// Runs a command to its end.
struct finished_program {
  int status = 0;
  std::string output;
};
inline finished_program run_program(std::vector<std::string> arguments,
                                    std::string_view input = {}) {
  program running{std::move(arguments), input};
  const int status = running.finish(0);
  return {status, running.output()};
}

/// The port in `serves http://127.0.0.1:PORT/`.
inline std::uint16_t port_of(program& service) {
  const auto line = service.wait_for("serves http://");
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':', line.find("/ ")) + 1)));
}

/// One HTTP request on a connection of its own: the status and body; status 0 when the service does
/// not answer whole.
struct http_reply {
  int status = 0;
  std::string body;
};
inline http_reply http(std::uint16_t port, std::string_view method, std::string_view target,
                       std::string_view body = {}, std::string_view headers = {}) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    std::string request = std::string{method} + ' ' + std::string{target} +
                          " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                          "\r\nConnection: close\r\n" + std::string{headers};
    if (!body.empty()) request += "Content-Type: application/json\r\n";
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
    std::size_t sent = 0;
    while (sent < request.size()) {
      const auto count = ::send(fd, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    char buffer[65536];
    for (ssize_t count = 0; (count = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
      reply.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(fd);
  const auto head = reply.find("\r\n\r\n");
  if (head == std::string::npos || reply.size() < 12) return {};
  http_reply out{std::stoi(reply.substr(9, 3)), reply.substr(head + 4)};
  const auto length = reply.find("Content-Length: ");
  if (length < head && out.body.size() != std::stoul(reply.substr(length + 16))) return {};
  return out;
}

} // namespace apisync::test

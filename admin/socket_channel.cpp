#include "admin/socket_channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace apisync::admin {
namespace {

constexpr std::size_t send_at_bytes = 32UL * 1024;
constexpr std::size_t receive_bytes = 16UL * 1024;
constexpr std::chrono::milliseconds hurry_interval{100};
constexpr std::string_view blank_line = "\r\n\r\n";

int timeout_ms(std::chrono::steady_clock::time_point deadline) {
  auto const left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<long long>(left.count(), 0, INT_MAX));
}

} // namespace

socket_channel::socket_channel(int fd, int stop_fd, const channel_limits& limits,
                               shared_budget& shared)
    : fd_{fd}, stop_fd_{stop_fd}, limits_{limits}, shared_{shared} {}

socket_channel::~socket_channel() {
  end_request();
}

socket_channel::readiness socket_channel::wait(short events, clock::time_point deadline,
                                               bool mind_stop) const {
  for (;;) {
    std::array<pollfd, 2> watched{{{fd_, events, 0}, {mind_stop ? stop_fd_ : -1, POLLIN, 0}}};
    auto const ready = ::poll(watched.data(), watched.size(), timeout_ms(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return readiness::timeout;
    if (watched[1].revents != 0) return readiness::stopping;
    return readiness::ready; // an error or a hang-up shows in the call that follows
  }
}

bool socket_channel::stopping() const {
  pollfd watched{stop_fd_, POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0;
}

bool socket_channel::open() const {
  if (!healthy_ || stopping()) return false;
  char peeked = 0;
  auto const got = ::recv(fd_, &peeked, 1, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

socket_channel::wake socket_channel::await_request(std::chrono::milliseconds at_most,
                                                   const std::function<bool()>& hurry) {
  end_request();
  if (at_ < in_.size()) return wake::data;
  auto const until = clock::now() + at_most;
  while (clock::now() < until) {
    auto const slice = std::min(until, clock::now() + hurry_interval);
    switch (wait(POLLIN, slice, true)) {
    case readiness::ready:
      return wake::data;
    case readiness::stopping:
      return wake::closed;
    case readiness::timeout:
      break;
    }
    if (hurry()) return wake::idle;
  }
  return wake::idle;
}

void socket_channel::end_request() {
  shared_.used -= body_taken_;
  body_taken_ = 0;
}

socket_channel::head_result socket_channel::read_head() {
  over_budget_ = over_shared_budget_ = timed_out_ = false;
  answering_ = false;
  read_deadline_ = clock::now() + limits_.read_time;
  in_.erase(0, at_);
  at_ = 0;
  std::size_t searched = 0;
  for (;;) {
    if (auto const end = in_.find(blank_line, searched); end != std::string::npos) {
      head_end_ = end + blank_line.size();
      return head_end_ <= limits_.head_bytes ? head_result::complete : head_result::too_large;
    }
    if (in_.size() >= limits_.head_bytes) return head_result::too_large;
    searched = in_.size() < blank_line.size() ? 0 : in_.size() - blank_line.size() + 1;
    std::array<char, 4096> piece{};
    auto const got = receive(piece.data(), std::min(piece.size(), limits_.head_bytes - in_.size()));
    if (got <= 0) return timed_out_ ? head_result::timed_out : head_result::closed;
    in_.append(piece.data(), static_cast<std::size_t>(got));
  }
}

void socket_channel::state_empty_body() {
  constexpr std::string_view field = "Content-Length: 0\r\n";
  in_.insert(head_end_ - 2, field); // before the blank line
  head_end_ += field.size();
}

std::string_view socket_channel::head() const {
  return std::string_view{in_}.substr(0, head_end_);
}

long socket_channel::receive(char* into, std::size_t size) {
  for (;;) {
    switch (wait(POLLIN, read_deadline_, true)) {
    case readiness::timeout:
      timed_out_ = true;
      return -1;
    case readiness::stopping:
      return -1;
    case readiness::ready:
      break;
    }
    auto const got = ::recv(fd_, into, size, MSG_DONTWAIT);
    if (got >= 0) return got;
    if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) return -1;
  }
}

bool socket_channel::charge(std::size_t bytes) {
  if (body_taken_ + bytes > limits_.body_bytes) {
    over_budget_ = true;
    return false;
  }
  if (shared_.used.fetch_add(bytes) + bytes > shared_.most) {
    shared_.used -= bytes;
    over_shared_budget_ = true;
    return false;
  }
  body_taken_ += bytes;
  return true;
}

long socket_channel::read(char* into, std::size_t size) {
  if (at_ < head_end_) {
    auto const count = std::min(size, head_end_ - at_);
    std::memcpy(into, in_.data() + at_, count);
    at_ += count;
    return static_cast<long>(count);
  }
  if (at_ == in_.size() && !refill()) return -1; // cut short: by the peer, the clock or a stop
  auto const count = std::min(size, in_.size() - at_);
  if (!charge(count)) return -1;
  std::memcpy(into, in_.data() + at_, count);
  at_ += count;
  return static_cast<long>(count);
}

bool socket_channel::refill() {
  in_.resize(receive_bytes);
  at_ = head_end_ = 0;
  auto const got = receive(in_.data(), in_.size());
  in_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return got > 0;
}

bool socket_channel::write(std::string_view text) {
  if (!healthy_) return false;
  if (!answering_) {
    answering_ = true;
    extend_write_deadline();
  }
  if (out_.size() + text.size() < send_at_bytes) {
    out_ += text;
    return true;
  }
  return flush() && send_all(text);
}

bool socket_channel::flush() {
  bool const sent = send_all(out_);
  out_.clear();
  return sent;
}

void socket_channel::extend_write_deadline() {
  write_deadline_ = clock::now() + limits_.write_time;
}

bool socket_channel::send_all(std::string_view text) {
  bool hurried = false;
  while (healthy_ && !text.empty()) {
    auto const sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
      healthy_ = false;
      break;
    }
    auto const state = wait(POLLOUT, write_deadline_, !hurried);
    if (state == readiness::stopping) {
      hurried = true;
      write_deadline_ = std::min(write_deadline_, clock::now() + limits_.stop_grace);
    } else if (state == readiness::timeout) {
      healthy_ = false;
    }
  }
  return healthy_;
}

} // namespace apisync::admin

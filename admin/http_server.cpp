#include "admin/http_server.hpp"

#include "admin/problem.hpp"
#include "admin/refusal.hpp"
#include "admin/server_threads.hpp"

#include <httplib.h>

#include <array>
#include <atomic>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace apisync::admin {
namespace {

/// Room for the framing of a chunked body, beyond the body itself.
constexpr std::size_t framing_bytes = 64UL * 1024;

/// A refused connection is drained this far, so that its answer is not lost to a reset.
constexpr std::size_t drain_bytes = 256UL * 1024;

/// The channel in the shape that cpp-httplib reads and writes.
class channel_stream final : public httplib::Stream {
public:
  explicit channel_stream(socket_channel& channel, std::string remote, std::string local)
      : channel_{channel}, remote_{std::move(remote)}, local_{std::move(local)} {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return channel_.healthy(); }
  ssize_t read(char* into, size_t size) override { return channel_.read(into, size); }
  ssize_t write(const char* text, size_t size) override {
    return channel_.write({text, size}) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = remote_;
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip = local_;
    port = 0;
  }
  socket_t socket() const override { return channel_.fd(); }

private:
  socket_channel& channel_;
  std::string remote_;
  std::string local_;
};

/// What the handlers of a connection's thread need beside the request.
struct connection {
  socket_channel* channel = nullptr;
  bool must_close = false; ///< What follows on the connection may be the rest of a refused body.
};
thread_local connection current;

class event_writer final : public stream_writer {
public:
  event_writer(httplib::DataSink& sink, socket_channel& channel) : sink_{sink}, channel_{channel} {}

  bool write(std::string_view text) override {
    channel_.extend_write_deadline();
    return !channel_.stopping() && sink_.write(text.data(), text.size()) && channel_.flush();
  }
  bool open() override { return channel_.open(); }

private:
  httplib::DataSink& sink_;
  socket_channel& channel_;
};

std::string peer_text(int fd, int (*ask)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> text{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (ask(fd, generic, &size) != 0 ||
      ::getnameinfo(generic, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  return text.data();
}

/// Closes so that the peer can still read the answer: ends the output, then swallows a little
/// input.
void close_gently(int fd) {
  ::shutdown(fd, SHUT_WR);
  std::array<char, 16UL * 1024> ignored{};
  for (std::size_t taken = 0; taken < drain_bytes;) {
    pollfd watched{fd, POLLIN, 0};
    if (::poll(&watched, 1, 100) <= 0) break;
    auto const got = ::recv(fd, ignored.data(), ignored.size(), MSG_DONTWAIT);
    if (got <= 0) break;
    taken += static_cast<std::size_t>(got);
  }
  ::close(fd);
}

} // namespace

/// cpp-httplib parses requests and prints answers; sockets, threads and limits are ours.
struct http_server::impl final : httplib::Server {
  impl(server_options chosen, handler answer)
      : options{std::move(chosen)},
        answer_{std::move(answer)},
        stop_fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
        pool{options.threads + options.event_streams, options.waiting} {
    options.channel.body_bytes += framing_bytes;
    bodies = options.bodies != nullptr ? options.bodies : &own_bodies;
    set_payload_max_length(options.channel.body_bytes - framing_bytes);
    set_keep_alive_timeout(std::chrono::ceil<std::chrono::seconds>(options.idle).count());
    set_pre_routing_handler([this](const httplib::Request& req, httplib::Response& res) {
      bool const body_follows =
          req.method == "POST" || req.method == "PUT" || req.method == "PATCH";
      if (body_follows)
        return HandlerResponse::Unhandled; // comes back through a route, with its body
      serve(req, res);
      return HandlerResponse::Handled;
    });
    auto const any = R"([\s\S]*)";
    auto const with_body = [this](const httplib::Request& req, httplib::Response& res) {
      serve(req, res);
    };
    Post(any, httplib::Server::Handler{with_body});
    Put(any, httplib::Server::Handler{with_body});
    Patch(any, httplib::Server::Handler{with_body});
    set_error_handler(httplib::Server::Handler{
        [this](const httplib::Request&, httplib::Response& res) { explain(res); }});
    new_task_queue = [this] { return new queue{*this}; };
  }

  ~impl() override {
    stop_all();
    ::close(stop_fd);
  }

  /// Lets cpp-httplib's accept loop hand its connections to our pool.
  class queue final : public httplib::TaskQueue {
  public:
    explicit queue(impl& owner) : owner_{owner} {}
    void enqueue(std::function<void()> work) override {
      if (owner_.pool.try_run(work)) return;
      // The task owns the socket: it has to run for the socket to be closed.
      owner_.refuse_on_accept = true;
      work();
      owner_.refuse_on_accept = false;
    }
    void shutdown() override { owner_.pool.close(); }

  private:
    impl& owner_;
  };

  void run(int fd) {
    svr_sock_ = fd;
    acceptor = std::thread{[this] {
      listen_after_bind();
      ended = true;
    }};
    while (!is_running() && !ended)
      std::this_thread::yield();
  }

  void stop_all() {
    std::call_once(stopped, [this] {
      std::uint64_t const one = 1;
      (void)!::write(stop_fd, &one, sizeof one);
      httplib::Server::stop();
      if (acceptor.joinable()) acceptor.join();
      pool.close();
    });
  }

private:
  bool process_and_close_socket(socket_t fd) override {
    if (refuse_on_accept && std::this_thread::get_id() == acceptor.get_id()) {
      auto const text = wire_text(refusal(503, "too many connections: try again in a moment"));
      (void)!::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      ::close(fd);
      return false;
    }
    (void)::fcntl(fd, F_SETFD, FD_CLOEXEC);
    int const yes = 1;
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    bool const clean = serve_connection(fd);
    if (clean)
      ::close(fd);
    else
      close_gently(fd);
    return true;
  }

  /// Serves requests until the connection ends; false when the peer may still be sending.
  bool serve_connection(int fd) {
    socket_channel channel{fd, stop_fd, options.channel, *bodies};
    channel_stream stream{channel, peer_text(fd, ::getpeername), peer_text(fd, ::getsockname)};
    current = {&channel, false};
    auto const hurry = [this] { return pool.has_waiting(); };
    while (channel.await_request(options.idle, hurry) == socket_channel::wake::data) {
      switch (channel.read_head()) {
      case socket_channel::head_result::closed:
        return true;
      case socket_channel::head_result::too_large:
        return refuse(channel, {431, "the head of the request is longer than " +
                                         std::to_string(options.channel.head_bytes) + " bytes"});
      case socket_channel::head_result::timed_out:
        return refuse(channel, {408, "the request did not arrive in time"});
      case socket_channel::head_result::complete:
        break;
      }
      head_facts facts;
      if (auto const refused = check_head(channel.head(), options.head, facts))
        return refuse(channel, *refused);
      if (facts.unstated_body) channel.state_empty_body();
      bool close = facts.must_close || channel.stopping();
      bool closed_by_peer = false;
      bool const answered = process_request(stream, close, closed_by_peer, [](auto& req) {
        req.ranges.clear(); // a whole answer is always right, RFC 9110 §14.2
        req.headers.erase("Accept-Encoding");
      });
      if (!channel.flush() || !answered) return !channel.healthy();
      if (close || closed_by_peer || current.must_close || channel.timed_out() ||
          channel.over_budget() || channel.over_shared_budget())
        return closed_by_peer && !close && !current.must_close;
    }
    return true;
  }

  static bool refuse(socket_channel& channel, const head_refusal& why) {
    channel.write(wire_text(refusal(why.status, why.detail)));
    channel.flush();
    return false;
  }

  /// Gives an answer that cpp-httplib made by itself the shape of all others.
  void explain(httplib::Response& res) const {
    if (!res.body.empty() || res.content_provider_) return;
    auto answer = refusal(res.status, "the request cannot be read");
    if (current.channel->timed_out())
      answer = refusal(408, "the body did not arrive in time");
    else if (current.channel->over_shared_budget())
      answer = refusal(503, "too many large requests at once: try again in a moment");
    else if (res.status == 413 || current.channel->over_budget())
      answer =
          refusal(413, "the body is longer than " +
                           std::to_string(options.channel.body_bytes - framing_bytes) + " bytes");
    answer.headers.set("Connection", "close");
    current.must_close = true;
    fill(res, answer);
  }

  static void fill(httplib::Response& res, response& answer) {
    res.status = answer.status;
    for (auto const& [name, value] : answer.headers.all())
      res.set_header(name, value);
    if (!answer.stream && (!answer.body.empty() || answer.status == 200)) {
      res.body = std::move(answer.body);
      res.set_header("Content-Type", answer.content_type);
    }
  }

  void serve(const httplib::Request& req, httplib::Response& res) {
    auto answer = answer_for(req);
    if (answer.stream && req.method != "HEAD") {
      if (streams.fetch_add(1) >= options.event_streams) {
        --streams;
        answer = refusal(503, "too many event streams are open: close one, or poll instead");
      }
    } else if (answer.stream) {
      answer.stream = nullptr;
    }
    fill(res, answer);
    if (answer.stream) attach_stream(res, answer);
  }

  void attach_stream(httplib::Response& res, response& answer) {
    res.set_header("Connection", "close");
    auto provider = [body = std::move(answer.stream)](std::size_t, httplib::DataSink& sink) {
      event_writer writer{sink, *current.channel};
      body(writer);
      sink.done();
      return true;
    };
    res.set_chunked_content_provider(answer.content_type, std::move(provider),
                                     [this](bool) { --streams; });
  }

  response answer_for(const httplib::Request& req) {
    auto target = parse_target(req.target);
    if (!target)
      return refusal(400, "the target of the request is not a path with well-formed escapes");
    request wanted;
    wanted.method = req.method;
    wanted.target = std::move(*target);
    for (auto const& [name, value] : req.headers)
      wanted.headers.add(name, value);
    wanted.body = req.body;
    wanted.remote = req.remote_addr;
    wanted.local = req.local_addr;
    try {
      return answer_(wanted);
    } catch (const std::exception& problem) {
      return to_response(error{errc::internal, problem.what(), ""}, wanted.target.path);
    }
  }

public:
  server_options options;
  listen_address bound;

private:
  handler answer_;
  shared_budget own_bodies;
  shared_budget* bodies = nullptr;
  int stop_fd;
  std::atomic<std::size_t> streams{0};
  bool refuse_on_accept = false;  ///< Used by the accepting thread only.
  std::atomic<bool> ended{false}; ///< The accept loop is over.
  std::once_flag stopped;
  std::thread acceptor;
  server_threads pool;
};

http_server::http_server(std::unique_ptr<impl> state) : impl_{std::move(state)} {}

http_server::~http_server() {
  stop();
}

result<std::unique_ptr<http_server>> http_server::start(server_options options, handler answer) {
  auto socket = listen_socket::open(options.listen);
  if (!socket) return tl::unexpected(std::move(socket.error()));
  auto state = std::make_unique<impl>(std::move(options), std::move(answer));
  state->bound = {state->options.listen.host, socket->port()};
  state->run(socket->release());
  return std::unique_ptr<http_server>{new http_server{std::move(state)}};
}

const listen_address& http_server::address() const {
  return impl_->bound;
}

void http_server::stop() {
  impl_->stop_all();
}

} // namespace apisync::admin

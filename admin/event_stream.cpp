#include "admin/event_stream.hpp"

namespace apisync::admin {
namespace {

/// Read at once and then written, so that a slow reader never holds up the log.
constexpr std::size_t batch_bytes = 256 * 1024;

std::string message(const events::record_view& record) {
  return "id: " + std::to_string(record.sequence) + "\nevent: " + std::string{record.type} +
         "\ndata: " + event_json(record) + "\n\n"; // JSON text has no line breaks
}

/// Writes what a stream has missed.
class follower {
public:
  follower(const storage::event_log& log, storage::read_filter filter)
      : log_{log}, filter_{std::move(filter)} {}

  /// Writes up to the head of the log; false when the stream is over. Sets `wrote` where there was
  /// something.
  bool catch_up(stream_writer& out, bool& wrote) {
    while (filter_.after < log_.head()) {
      auto const text = next_batch();
      if (!text) return false; // the log cannot be read; the reader finds out by asking again
      if (!text->empty()) {
        wrote = true;
        if (!out.write(*text)) return false;
      }
      if (!out.open()) return false;
    }
    return true;
  }

private:
  result<std::string> next_batch() {
    filter_.up_to = log_.head();
    std::string text;
    events::sequence last = *filter_.up_to;
    auto const read = log_.read(filter_, [&](const events::record_view& record) {
      text += message(record);
      if (text.size() < batch_bytes) return true;
      last = record.sequence;
      return false;
    });
    if (!read) return tl::unexpected{read.error()};
    filter_.after = last;
    return text;
  }

  const storage::event_log& log_;
  storage::read_filter filter_;
};

} // namespace

std::string event_json(const events::record_view& record) {
  std::string text;
  events::draft event;
  event.stream = record.stream;
  event.type = record.type;
  event.type_version = record.type_version;
  event.data = simdjson::minify(record.data);
  events::write_record(text, record.sequence, record.stream_version, record.time,
                       {std::string{record.by}, std::string{record.correlation}, record.causation},
                       event);
  return text;
}

stream_body stream_events(const storage::event_log& log, storage::read_filter filter,
                          std::function<void()> pause) {
  return [&log, filter = std::move(filter), pause = std::move(pause)](stream_writer& out) {
    follower reader{log, filter};
    // Proxies and readers see at once that the stream is there.
    if (!out.write("retry: 1000\n\n")) return;
    for (int silent = 0; out.open(); ++silent) {
      bool wrote = false;
      if (!reader.catch_up(out, wrote)) return;
      if (wrote) silent = 0;
      if (silent >= heartbeat_pauses) {
        if (!out.write(": still here\n\n")) return;
        silent = 0;
      }
      pause();
    }
  };
}

} // namespace apisync::admin

#include "tools/log_show.hpp"

#include "tools/table.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <ostream>
#include <pthread.h>

namespace apisync::tools {
namespace {

/// Columns whose widths are given, for the lines are printed as they are read.
struct column_width {
  std::string_view header;
  std::size_t width;
};
constexpr std::array<column_width, 5> columns{
    {{"SEQUENCE", 8}, {"TIME", 27}, {"STREAM", 24}, {"TYPE", 19}, {"BY", 8}}};
constexpr std::size_t gap = 2;

void pad(std::string& line, std::size_t column, std::string_view text) {
  auto const width = columns.at(column).width;
  auto const used = display_width(text);
  auto const spaces = used < width ? width - used : 0;
  if (column == 0) line.append(spaces, ' '); // a number
  line += text;
  if (column != 0) line.append(spaces, ' ');
  line.append(gap, ' ');
}

/// As much of the text as fits, whole characters.
std::string_view cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return text;
  auto end = std::min(text.size(), width);
  while (end > 0 && (display_width(text.substr(0, end)) > width ||
                     (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U))
    --end;
  return text.substr(0, end);
}

class printer {
public:
  printer(const log_request& wanted, const invocation& call) : wanted_{wanted}, call_{call} {}

  void header() const {
    if (wanted_.as_json) return;
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i)
      pad(line, i, columns.at(i).header);
    line += "DATA";
    call_.out << painted(line, paint::bold, call_.colour()) << '\n';
  }

  /// False when no more are wanted, or nobody takes them any more.
  bool print(const events::record_view& record, std::string_view text) {
    if (wanted_.limit && printed_ >= *wanted_.limit) return false;
    if (wanted_.as_json)
      call_.out << text << '\n';
    else
      call_.out << line_of(record) << '\n';
    ++printed_;
    return !done();
  }

  [[nodiscard]] bool done() const {
    return !call_.out.good() || (wanted_.limit && printed_ >= *wanted_.limit);
  }

private:
  [[nodiscard]] std::string line_of(const events::record_view& record) const {
    std::string line;
    pad(line, 0, std::to_string(record.sequence));
    pad(line, 1, events::to_rfc3339(record.time));
    pad(line, 2, printable(record.stream));
    pad(line, 3, printable(record.type));
    pad(line, 4, printable(record.by));
    line += printable(simdjson::minify(record.data));
    if (!call_.out_is_terminal) return line;
    return std::string{cut(line, call_.width)};
  }

  const log_request& wanted_;
  const invocation& call_;
  std::uint64_t printed_ = 0;
};

} // namespace

exit_status show_log(const log_request& wanted, const invocation& call, const log_pause& pause) {
  if (wanted.follow && !wanted.at.empty())
    return call.report(wrong_call("--follow goes on with what comes, --at ends in the past: "
                                  "give one of them"));
  auto const log = open_log(wanted.data);
  if (!log) return call.report(log.error());
  auto filter = filter_of(wanted, **log, call.now());
  if (!filter) return call.report(filter.error());
  printer out{wanted, call};
  out.header();
  while (!(wanted.limit && *wanted.limit == 0)) {
    auto const read =
        read_texts(**log, *filter, [&](const events::record_view& record, std::string_view text) {
          return out.print(record, text);
        });
    if (!read) return call.report(read.error());
    if (!wanted.follow || out.done()) break;
    call.out.flush();
    if (!pause()) break;
    filter->after = std::max(filter->after, (*log)->head());
    if (auto const caught = (*log)->catch_up(); !caught) return call.report(caught.error());
  }
  return delivered(call);
}

interruptible_pause::interruptible_pause() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

interruptible_pause::~interruptible_pause() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool interruptible_pause::operator()() {
  constexpr timespec moment{0, 200'000'000};
  return sigtimedwait(&signals_, nullptr, &moment) < 0; // EAGAIN: time is up; EINTR: look earlier
}

} // namespace apisync::tools

#include "tools/log_stats.hpp"

#include "events/event.hpp"
#include "storage/document_codec.hpp"
#include "tools/progress.hpp"
#include "tools/service_command.hpp"
#include "tools/table.hpp"

#include <filesystem>
#include <map>
#include <ostream>

namespace apisync::tools {
namespace {

/// How many of something, and how long their texts are.
struct amount {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;

  void add(std::uint64_t more_bytes) {
    ++records;
    bytes += more_bytes;
  }
};

struct document_amount {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;        ///< As they are read.
  std::uint64_t stored_bytes = 0; ///< Compressed.
};

struct log_amounts {
  events::sequence sequence = 0;
  std::uint64_t blocks = 0;
  amount all;
  std::map<std::string, amount, std::less<>> kinds;
  std::map<std::string, amount, std::less<>> types;
  std::map<std::string, std::uint64_t, std::less<>> streams; ///< Streams of each kind.
  std::optional<events::timestamp> first, last;
  document_amount documents;
  std::uint64_t disk_bytes = 0; ///< Of all files of the data directory.

  void add(const events::record_view& record, std::string_view text) {
    auto const kind = events::split_stream(record.stream).kind;
    all.add(text.size());
    slot(kinds, kind).add(text.size());
    slot(types, record.type).add(text.size());
    if (record.stream_version == 1) ++slot(streams, kind);
    if (!first) first = record.time;
    last = record.time;
  }

private:
  template <class Value>
  static Value& slot(std::map<std::string, Value, std::less<>>& in, std::string_view name) {
    auto const at = in.find(name);
    return at == in.end() ? in[std::string{name}] : at->second;
  }
};

result<document_amount> count_documents(const storage::stored_log& log) {
  document_amount counted;
  auto const it = log.base().scan(log.base().documents());
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    auto const encoded = storage::as_text(it->value());
    ++counted.count;
    counted.stored_bytes += encoded.size();
    if (auto const header = storage::read_document_header(encoded))
      counted.bytes += header->raw_bytes;
  }
  if (!it->status().ok()) return tl::unexpected{storage::rocks_error(it->status(), "documents")};
  return counted;
}

/// Files may come and go beside a running service; what is gone is not counted.
std::uint64_t bytes_on_disk(const std::string& path) {
  namespace fs = std::filesystem;
  std::uint64_t bytes = 0;
  std::error_code problem;
  for (fs::recursive_directory_iterator at{path, problem}, end; !problem && at != end;
       at.increment(problem)) {
    std::error_code gone;
    auto const size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

result<log_amounts> count(const storage::stored_log& log, const storage::read_filter& filter,
                          const invocation& call) {
  log_amounts counted;
  counted.sequence = filter.up_to.value_or(log.head());
  progress shown{call, "counting", counted.sequence};
  auto const read = log.each_block(filter.after, [&](const auto& block) -> result<bool> {
    if (filter.to && block.time() >= *filter.to) return false;
    if (filter.up_to && block.first() > *filter.up_to) return false;
    auto const before = counted.all.records;
    auto const more =
        visit_texts(block, filter, [&](const events::record_view& record, std::string_view text) {
          counted.add(record, text);
          return true;
        });
    if (counted.all.records != before) ++counted.blocks;
    shown.reach(block.last());
    return more;
  });
  if (!read) return tl::unexpected{read.error()};
  auto documents = count_documents(log);
  if (!documents) return tl::unexpected{documents.error()};
  counted.documents = *documents;
  counted.disk_bytes = bytes_on_disk(log.where().path);
  return counted;
}

json to_json(const std::map<std::string, amount, std::less<>>& amounts) {
  auto out = json::object();
  for (auto const& [name, of] : amounts)
    out[name] = {{"records", of.records}, {"bytes", of.bytes}};
  return out;
}

json time_json(const std::optional<events::timestamp>& time) {
  return time ? json(events::to_rfc3339(*time)) : json(nullptr);
}

json to_json(const log_amounts& of) {
  auto kinds = to_json(of.kinds);
  for (auto const& [kind, streams] : of.streams)
    kinds[kind]["streams"] = streams;
  return {{"sequence", of.sequence},
          {"records", of.all.records},
          {"recordBytes", of.all.bytes},
          {"blocks", of.blocks},
          {"firstTime", time_json(of.first)},
          {"lastTime", time_json(of.last)},
          {"streamKinds", std::move(kinds)},
          {"types", to_json(of.types)},
          {"documents",
           {{"count", of.documents.count},
            {"bytes", of.documents.bytes},
            {"storedBytes", of.documents.stored_bytes}}},
          {"diskBytes", of.disk_bytes}};
}

void print_amounts(std::string header, const std::map<std::string, amount, std::less<>>& amounts,
                   const invocation& call) {
  text_table table{{std::move(header), "RECORDS", "BYTES", "MEAN"}};
  for (auto const& [name, of] : amounts)
    table.add({{name, paint::plain},
               {std::to_string(of.records), paint::plain},
               {std::to_string(of.bytes), paint::plain},
               {std::to_string(of.bytes / of.records), paint::plain}});
  call.out << '\n' << table.print(call.out_is_terminal ? call.width : 0, call.colour());
}

void print_text(const log_amounts& of, const invocation& call) {
  call.out << of.all.records << " records of " << of.all.bytes << " bytes in " << of.blocks
           << " blocks, up to record " << of.sequence << '\n';
  if (of.first)
    call.out << "from " << events::to_rfc3339(*of.first) << " to " << events::to_rfc3339(*of.last)
             << '\n';
  call.out << of.documents.count << " documents of " << of.documents.bytes << " bytes, stored in "
           << of.documents.stored_bytes << '\n'
           << of.disk_bytes << " bytes on disk\n";
  if (of.all.records == 0) return;
  print_amounts("STREAMS", of.kinds, call);
  print_amounts("TYPE", of.types, call);
}

} // namespace

exit_status count_log(const log_request& wanted, const invocation& call) {
  auto const log = open_log(wanted.data);
  if (!log) return call.report(log.error());
  auto const filter = filter_of(wanted, **log, call.now());
  if (!filter) return call.report(filter.error());
  auto const counted = count(**log, *filter, call);
  if (!counted) return call.report(counted.error());
  if (wanted.as_json)
    call.out << to_json(*counted).dump() << '\n';
  else
    print_text(*counted, call);
  return delivered(call);
}

} // namespace apisync::tools

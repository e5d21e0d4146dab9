#include "tools/log_verify.hpp"

#include "events/views.hpp"
#include "storage/verify.hpp"
#include "tools/document_references.hpp"
#include "tools/progress.hpp"
#include "tools/service_command.hpp"
#include "tools/table.hpp"

#include <rocksdb/env.h>

#include <filesystem>
#include <ostream>
#include <unordered_set>

namespace apisync::tools {
namespace {

/// What the storage found, and what its records refer to.
struct findings {
  storage::verification stored;
  std::uint64_t understood = 0;      ///< Records that were decoded and folded.
  std::uint64_t named_documents = 0; ///< Different ones.
  std::vector<error> problems;       ///< Of meaning; the storage's are in `stored`.
};

constexpr std::size_t problems_max = 100; ///< Of meaning, listed.

/// Decodes and folds every record, and looks for the documents that it names.
class meaning_check {
public:
  meaning_check(const storage::stored_log& log, findings& found) : log_{log}, found_{found} {}

  result<void> run(progress& shown) {
    return log_.read({}, [&](const events::record_view& record) {
      check(record);
      shown.reach(record.sequence);
      return found_.problems.size() < problems_max;
    });
  }

private:
  void check(const events::record_view& record) {
    auto const event = events::decode(record);
    if (!event) return found_.problems.push_back(event.error());
    if (auto const folded = views_.apply(record); !folded)
      return found_.problems.push_back(folded.error());
    ++found_.understood;
    for (auto const& name : documents_named_by(*event))
      if (named_.insert(name).second) look_for(name, record);
    found_.named_documents = named_.size();
  }

  void look_for(const digest& name, const events::record_view& record) {
    auto const stored = log_.find_document(name);
    auto const where = "record " + std::to_string(record.sequence) + " (" +
                       std::string{record.type} + " on " + std::string{record.stream} + ")";
    if (!stored)
      found_.problems.push_back({errc::corrupt, stored.error().message, where});
    else if (!*stored)
      found_.problems.push_back(
          {errc::corrupt, "the document " + name.hex() + " that it names is missing", where});
  }

  const storage::stored_log& log_;
  findings& found_;
  events::views views_;
  std::unordered_set<digest> named_;
};

/// Whether there is a log to verify, of a version that this program reads.
result<void> check_directory(const storage::data_directory& where) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(where.path, ignored))
    return fail(errc::not_found, "there is no such directory", where.path);
  auto const format = storage::read_format(*rocksdb::Env::Default(), where);
  if (!format) return tl::unexpected{format.error()};
  if (*format == storage::data_format::missing)
    return std::filesystem::exists(where.database(), ignored)
               ? fail(errc::corrupt, "the format marker is missing beside a database",
                      where.format())
               : fail(errc::not_found, "there is no log here: the directory has no format marker",
                      where.path);
  return {};
}

findings verify(const std::string& data, const invocation& call) {
  findings found;
  auto const log = storage::log_reader::open(data);
  if (!log) {
    found.problems.push_back(log.error());
    return found;
  }
  {
    progress shown{call, "verifying blocks", (*log)->head()};
    found.stored = storage::verify(
        **log, [&](std::uint64_t done, std::uint64_t /*all*/) { shown.reach(done); });
  }
  progress shown{call, "verifying records", (*log)->head()};
  auto const read = meaning_check{**log, found}.run(shown);
  if (!read && found.stored.problems.empty()) found.problems.push_back(read.error());
  return found;
}

std::vector<error> all_problems(const findings& found) {
  auto problems = found.stored.problems;
  problems.insert(problems.end(), found.problems.begin(), found.problems.end());
  return problems;
}

void print_json(const findings& found, const invocation& call) {
  auto problems = json::array();
  for (auto const& problem : all_problems(found))
    problems.push_back({{"code", to_string(problem.code)},
                        {"where", printable(problem.where)},
                        {"message", printable(problem.message)}});
  json const answer{{"verified", problems.empty()},
                    {"sequence", found.stored.records},
                    {"chain", found.stored.chain.hex()},
                    {"blocks", found.stored.blocks},
                    {"blockBytes", found.stored.bytes},
                    {"records", found.understood},
                    {"documents", found.stored.documents},
                    {"documentBytes", found.stored.document_bytes},
                    {"namedDocuments", found.named_documents},
                    {"problems", std::move(problems)}};
  call.out << answer.dump() << '\n';
}

void print_text(const findings& found, const std::string& data, const invocation& call) {
  auto const& stored = found.stored;
  call.out << "read " << data << " up to record " << stored.records << '\n'
           << "  " << stored.blocks << " blocks (" << stored.bytes
           << " bytes): checksums, order, chain, versions of streams, index, anchor\n"
           << "  " << found.understood << " records: decoded and folded\n"
           << "  " << stored.documents << " documents (" << stored.document_bytes
           << " bytes): hash to their names\n"
           << "  " << found.named_documents << " documents that records name: there\n"
           << "  the chain ends in " << stored.chain.hex() << '\n';
  auto const problems = all_problems(found);
  for (auto const& problem : problems)
    call.out << painted("damaged", paint::bad, call.colour()) << ": " << printable(render(problem))
             << '\n';
  if (problems.empty())
    call.out << painted("whole", paint::good, call.colour()) << ": nothing is wrong\n";
  else
    call.out << "keep the directory as it is, and bring the data back from a backup\n";
}

} // namespace

exit_status verify_log(const log_request& wanted, const invocation& call) {
  if (auto const there = check_directory({wanted.data}); !there) return call.report(there.error());
  auto const found = verify(wanted.data, call);
  if (wanted.as_json)
    print_json(found, call);
  else
    print_text(found, wanted.data, call);
  auto const printed = delivered(call);
  return all_problems(found).empty() ? printed : exit_status::bad_news;
}

} // namespace apisync::tools

#include "tools/service_command.hpp"

#include <iostream>

namespace apisync::tools {
namespace {

/// A list that is printed for people ends here, so that a wrong cursor cannot go on for ever.
constexpr int pages_max = 1000;
constexpr std::size_t page_limit = 1000;

result<std::string> token_in(const invocation& call, const std::string& file) {
  auto text = read_input(call, file, 64 * 1024);
  if (!text) return text;
  auto const end = text->find_last_not_of(" \t\r\n");
  auto const start = text->find_first_not_of(" \t\r\n");
  auto const token =
      end == std::string::npos ? std::string{} : text->substr(start, end - start + 1);
  if (token.empty() || token.find_first_of(" \t\r\n") != std::string::npos)
    return fail(errc::invalid_argument, "a token file holds one token and nothing else", file);
  return token;
}

result<json> parse_answer(const api_answer& answer) {
  auto parsed = json::parse(answer.body, nullptr, false);
  if (parsed.is_discarded())
    return fail(errc::unavailable, "the server's answer is not JSON: is that an apisync service?");
  return parsed;
}

void print_verbatim(const invocation& call, const std::string& body) {
  call.out << body;
  if (!body.ends_with('\n')) call.out << '\n';
}

} // namespace

service_command::service_command(CLI::App& parent, invocation& call, const std::string& name,
                                 const std::string& help)
    : app_{parent.add_subcommand(name, help)}, call_{&call} {
  options_->server = call.environment("APISYNC_SERVER").value_or("http://127.0.0.1:8420");
  app_->add_option("--server", options_->server,
                   "The service's URL; else $APISYNC_SERVER, else http://127.0.0.1:8420");
  app_->add_option("--token-file", options_->token_file, "A file that holds the token to send");
  app_->add_option("--format", options_->format, "text, or json as the service answers it")
      ->check(CLI::IsMember({"text", "json"}));
}

const service_command& service_command::takes_past() const {
  app_->add_option("--at", options_->at, "As it was at this sequence or RFC 3339 time");
  return *this;
}

result<client> service_command::connect() const {
  client_options chosen;
  auto url = server_url(options_->server);
  if (!url) return tl::unexpected(std::move(url.error()));
  chosen.server = std::move(*url);
  if (!options_->token_file.empty()) {
    auto token = token_in(*call_, options_->token_file);
    if (!token) return tl::unexpected(std::move(token.error()));
    chosen.token = std::move(*token);
  }
  return client{std::move(chosen)};
}

void service_command::complete(api_call& asked) const {
  if (!options_->at.empty()) asked.query.emplace_back("at", options_->at);
}

void service_command::runs(std::function<exit_status(const client&, bool)> body) const {
  app_->callback([self = *this, body = std::move(body)] {
    self.call_->action = [self, body] {
      auto const service = self.connect();
      if (!service) return self.call_->report(service.error());
      return body(*service, self.options_->format == "json");
    };
  });
}

void service_command::asks(question what, text_view view,
                           std::function<exit_status(const json&)> verdict) const {
  runs([self = *this, what = std::move(what), view = std::move(view),
        verdict = std::move(verdict)](const client& service, bool as_json) {
    auto asked = what();
    if (!asked) return self.call_->report(asked.error());
    self.complete(*asked);
    auto const answer = service.send(*asked);
    if (!answer) return self.call_->report(answer.error());
    if (as_json) print_verbatim(*self.call_, answer->body);
    if (as_json && !verdict) return exit_status::good;
    auto const parsed = parse_answer(*answer);
    if (!parsed) return self.call_->report(parsed.error());
    if (!as_json) view(*parsed, *self.call_);
    return verdict ? verdict(*parsed) : exit_status::good;
  });
}

void service_command::lists(question what, std::vector<column> columns,
                            std::string when_empty) const {
  app_->add_option("--limit", options_->limit, "At most so many items, 1 to 1000")
      ->check(CLI::Range(std::size_t{1}, page_limit));
  app_->add_option("--cursor", options_->cursor, "Go on after the page that answered this");
  runs([self = *this, what = std::move(what), columns = std::move(columns),
        when_empty = std::move(when_empty)](const client& service, bool as_json) {
    auto asked = what();
    if (!asked) return self.call_->report(asked.error());
    self.complete(*asked);
    auto const limit = self.options_->limit == 0 ? page_limit : self.options_->limit;
    asked->query.emplace_back("limit", std::to_string(limit));
    if (!as_json) return self.run_list(service, std::move(*asked), columns, when_empty);
    if (!self.options_->cursor.empty()) asked->query.emplace_back("cursor", self.options_->cursor);
    auto const answer = service.send(*asked);
    if (!answer) return self.call_->report(answer.error());
    print_verbatim(*self.call_, answer->body);
    return exit_status::good;
  });
}

exit_status service_command::run_list(const client& service, api_call asked,
                                      const std::vector<column>& columns,
                                      const std::string& when_empty) const {
  std::vector<std::string> header;
  for (auto const& shown : columns)
    header.push_back(shown.header);
  text_table table{header};
  auto cursor = options_->cursor;
  for (int page = 0; page < pages_max; ++page) {
    auto request = asked;
    if (!cursor.empty()) request.query.emplace_back("cursor", cursor);
    auto const answer = service.send(request);
    if (!answer) return call_->report(answer.error());
    auto const parsed = parse_answer(*answer);
    if (!parsed) return call_->report(parsed.error());
    for (auto const& item : parsed->value("items", json::array())) {
      std::vector<text_table::cell> row;
      for (auto const& shown : columns)
        row.push_back(shown.of(item, *call_));
      table.add(std::move(row));
    }
    auto const next = parsed->find("nextCursor");
    bool const more = next != parsed->end() && next->is_string();
    if (!more || options_->limit != 0) break;
    cursor = next->get<std::string>();
  }
  if (table.empty())
    call_->out << when_empty << '\n';
  else
    call_->out << table.print(call_->out_is_terminal ? call_->width : 0, call_->colour());
  return exit_status::good;
}

void service_command::fetches(question what) const {
  app_->add_option("-o,--output", options_->output, "Write to this file instead of the output");
  runs([self = *this, what = std::move(what)](const client& service, bool) {
    auto asked = what();
    if (!asked) return self.call_->report(asked.error());
    self.complete(*asked);
    auto const answer = service.send(*asked);
    if (!answer) return self.call_->report(answer.error());
    if (self.options_->output.empty()) {
      self.call_->out << answer->body;
      return exit_status::good;
    }
    auto const written = write_output(self.options_->output, answer->body);
    return written ? exit_status::good : self.call_->report(written.error());
  });
}

} // namespace apisync::tools

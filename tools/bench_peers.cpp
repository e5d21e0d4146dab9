#include "tools/bench_peers.hpp"

#include <simdjson.h>
#include <yaml.h>

#include <new>

namespace apisync::tools {

static_assert(simdjson_padding >= simdjson::SIMDJSON_PADDING);

result<void> simdjson_parses(const std::string& text) {
  simdjson::dom::parser parser;
  bool const padded = text.capacity() >= text.size() + simdjson_padding;
  auto const parsed = parser.parse(text.data(), text.size(), !padded);
  if (parsed.error() != simdjson::SUCCESS)
    return fail(errc::parse_error, simdjson::error_message(parsed.error()));
  return {};
}

result<void> libyaml_parses(const std::string& text) {
  yaml_parser_t parser;
  if (yaml_parser_initialize(&parser) == 0) throw std::bad_alloc();
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  bool read = true;
  for (bool more = true; read && more;) {
    yaml_event_t event;
    read = yaml_parser_parse(&parser, &event) != 0;
    if (!read) break;
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  if (!read) return fail(errc::parse_error, "libyaml cannot read this");
  return {};
}

} // namespace apisync::tools

#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/validate.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// libFuzzer's entry: the first byte chooses the format, the rest is the text. What reads must print
// and read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace apisync::specs;
  if (size == 0) return 0;
  parse_options options;
  options.format = bytes[0] % 2 == 0 ? syntax_choice::json : syntax_choice::yaml;
  options.max_nodes = 10'000;
  options.max_text_bytes = 1 << 20;
  const auto outcome = parse({reinterpret_cast<const char*>(bytes) + 1, size - 1}, options);
  if (!outcome) return 0;
  const auto root = outcome->document->root();
  const auto compact = to_json(root);
  parse_options again = options;
  again.max_text_bytes *= 2;
  again.format = syntax_choice::yaml;
  const auto from_yaml = parse(to_yaml(root), again);
  again.format = syntax_choice::json;
  const auto from_json = parse(compact, again);
  if (!from_yaml || !from_json || to_json(from_yaml->document->root()) != compact ||
      to_json(from_json->document->root()) != compact)
    std::abort();
  if (recognise(*outcome->document) && validate(*outcome->document, 5).size() > 5) std::abort();
  if (canonical_hash(*outcome->document) != canonical_hash(*from_yaml->document)) std::abort();
  return 0;
}

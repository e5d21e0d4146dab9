#pragma once

#include "admin/message.hpp"
#include "admin/pagination.hpp"
#include "admin/problem.hpp"
#include "admin/route.hpp"
#include "events/record.hpp"

#include <functional>
#include <string>
#include <vector>

namespace apisync::admin {

/// A handler that may fail.
using fallible_handler = std::function<result<response>(const request&)>;

/// The handler that answers a failure, also one thrown by a library, with its problem.
std::function<response(const request&)> answering(fallible_handler handler);

/// The JSON object with `sequence` as its last member, where it has none.
/// @pre `json` is an object
std::string with_sequence(std::string json, events::sequence at);

/// The answer with the sequence in a field of its head: for those that are no JSON objects.
response with_sequence_field(response answer, events::sequence at);

response json_answer(std::string json, int status = 200);

/// One thing: its JSON object with `sequence`, under an `ETag` of everything but that; 304 where
/// the reader has it.
response thing_answer(const request& asked, std::string json, events::sequence at,
                      int status = 200);

/// The same under another tag.
response tagged_answer(const request& asked, std::string json, const std::string& etag,
                       events::sequence at, int status = 200);

/// The tag that `thing_answer` gives it.
std::string thing_etag(std::string_view json);

/// An item of a list, and what its place in the order is called.
struct list_item {
  std::string key;
  std::string json;
};

/// The page of a list that begins with these. There is a next page if there are more than `limit`.
response list_answer(std::vector<list_item> items, std::size_t limit, events::sequence at);

/// `{"id": …, "removed": true, "sequence": N}`
response removed_answer(std::string_view id, events::sequence at);

} // namespace apisync::admin

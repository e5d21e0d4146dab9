#pragma once

#include <string_view>

/// One function for each thing that parses or compares what strangers wrote. Each takes any bytes
/// at all, and throws std::logic_error where a law does not hold. `entry.cpp` makes a libFuzzer
/// program of one; `replay_test.cpp` runs them all over the seeds in the everyday tests.
namespace apisync::fuzz {

/// A text as JSON: it is refused with a place, or read, and both prints bring it back.
void json(std::string_view input);
/// The same for YAML.
void yaml(std::string_view input);
/// A text with references: followed, validated, selected from, judged against itself.
void references(std::string_view input);
/// A document and edits (edits.hpp): what differs, and what is made of it.
void diff(std::string_view input);
/// A document and the edits of two sides: the laws of the merge.
void merge(std::string_view input);
/// A JSONPath query, and the document that it selects from.
void json_path(std::string_view input);
/// An overlay, and the document that it is applied to.
void overlay(std::string_view input);
/// A document, and up to three other files that it refers to: b.yaml, c.json, d/e.yaml.
void bundle(std::string_view input);
/// A text, edits of it, and two other versions of the text: what is written over it.
void rewrite(std::string_view input);
/// A configuration file.
void config(std::string_view input);
/// Times, cron schedules, lengths of time, pointers, globs, addresses, request targets.
void words(std::string_view input);
/// The head of an HTTP request.
void http_head(std::string_view input);
/// What a model answers: read strictly; texts withheld and put back; the endpoint's own JSON.
void answer(std::string_view input);
/// A block of the log, its checksum made right, and the records in it.
void block(std::string_view input);

/// A page that shows a document, or a catalogue of addresses.
void page(std::string_view input);

/// @throws std::logic_error with `law` where it does not hold
void require(bool holds, const char* law);

} // namespace apisync::fuzz

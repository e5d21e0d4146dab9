#include "tests/tools/command_line.hpp"

#include <catch2/catch.hpp>

using apisync::test::command_line;

TEST_CASE("a call that cannot be understood ends with 2 and a hint") {
  command_line apisync;
  REQUIRE(apisync({}) == 2);
  REQUIRE(apisync.complained("needs one of"));
  REQUIRE(apisync({"stauts"}) == 2);
  REQUIRE(apisync.complained("did you mean \"status\"?"));
  REQUIRE(apisync({"frobnicate"}) == 2);
  REQUIRE(apisync.complained("there is no command \"frobnicate\" after \"apisync\""));
  REQUIRE(apisync({"source"}) == 2);
  REQUIRE(apisync.complained("\"apisync source\" needs one of list, show"));
  REQUIRE(apisync({"source", "lst"}) == 2);
  REQUIRE(apisync.complained("did you mean \"list\"?"));
  REQUIRE(apisync({"status", "--formt", "json"}) == 2);
  REQUIRE(
      apisync.complained("\"apisync status\" does not take \"--formt\": did you mean --format?"));
  REQUIRE(apisync({"--server", "http://localhost:1", "api", "list"}) == 2);
  REQUIRE(apisync.complained("\"--server\" goes after \"apisync api list\""));
  REQUIRE(apisync({"status", "--format", "xml"}) == 2);
  REQUIRE(apisync.complained("--format"));
  REQUIRE(apisync({"diff", "one"}) == 2);
  REQUIRE(apisync.complained("NEW"));
  REQUIRE(apisync({"source", "show", "a", "b"}) == 2);
  REQUIRE(apisync.complained("\"b\""));
  REQUIRE(apisync.out.str().empty());
}

TEST_CASE("help and version are good news") {
  command_line apisync;
  REQUIRE(apisync({"--help"}) == 0);
  REQUIRE(apisync.said("conflict"));
  REQUIRE(apisync({"api", "spec", "--help"}) == 0);
  REQUIRE(apisync.said("--revision"));
  REQUIRE(apisync({"--version"}) == 0);
  REQUIRE(apisync.said("apisync 0."));
}

TEST_CASE("contradictions on the line are told before anything is sent") {
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = "http://127.0.0.1:1";
  REQUIRE(apisync({"source", "add", "s", "--api", "a"}) == 2);
  REQUIRE(apisync({"source", "add", "s", "--api", "a", "--file", "x", "--url", "y"}) == 2);
  REQUIRE(apisync({"job", "add", "j", "--source", "s", "--interval", "1m", "--cron",
                   "* * * * *"}) == 2);
  REQUIRE(apisync({"job", "add", "j", "--source", "s", "--interval", "soon"}) == 2);
  REQUIRE(apisync({"conflict", "resolve", "x"}) == 2);
  REQUIRE(apisync({"conflict", "resolve", "x", "--value", "{"}) == 2);
  REQUIRE(apisync({"api", "spec", "a", "--revision", "1", "--at", "5"}) == 2);
  REQUIRE(apisync({"api", "diff", "a", "--with", "b", "--to", "2"}) == 2);
  REQUIRE(apisync({"status", "--server", "ftp://x"}) == 2);
  REQUIRE(apisync({"status", "--token-file", "/nonexistent"}) == 2);
}

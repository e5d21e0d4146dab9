#include "sources/address_policy.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace apisync;
using namespace apisync::sources;

namespace {

ip_endpoint endpoint(const std::string& address, std::uint16_t port = 80) {
  const auto parsed = ip_address::parse(address);
  REQUIRE(parsed);
  return {*parsed, port};
}

address_policy policy(const std::vector<std::string>& entries) {
  auto parsed = address_policy::parse(entries);
  REQUIRE(parsed);
  return *parsed;
}

bool allowed(const std::vector<std::string>& entries, const std::string& host,
             const std::string& address, std::uint16_t port = 80) {
  return decide(host, endpoint(address, port), policy(entries)).has_value();
}

} // namespace

TEST_CASE("every special block of addresses has its class") {
  const std::vector<std::pair<std::string, address_class>> rows{
      {"8.8.8.8", address_class::public_internet},
      {"2606:4700::1111", address_class::public_internet},
      {"127.0.0.1", address_class::loopback},
      {"127.255.255.255", address_class::loopback},
      {"::1", address_class::loopback},
      {"10.0.0.1", address_class::private_network},
      {"172.15.255.255", address_class::public_internet},
      {"172.16.0.0", address_class::private_network},
      {"172.31.255.255", address_class::private_network},
      {"172.32.0.0", address_class::public_internet},
      {"192.168.1.1", address_class::private_network},
      {"fd12::1", address_class::private_network},
      {"fec0::1", address_class::private_network},
      {"169.254.1.1", address_class::link_local},
      {"fe80::1", address_class::link_local},
      {"febf::1", address_class::link_local},
      {"100.64.0.1", address_class::shared},
      {"100.127.255.255", address_class::shared},
      {"100.128.0.0", address_class::public_internet},
      {"169.254.169.254", address_class::metadata},
      {"168.63.129.16", address_class::metadata},
      {"100.100.100.200", address_class::metadata},
      {"fd00:ec2::254", address_class::metadata},
      {"0.0.0.0", address_class::unspecified},
      {"0.1.2.3", address_class::unspecified},
      {"::", address_class::unspecified},
      {"224.0.0.1", address_class::multicast},
      {"ff02::1", address_class::multicast},
      {"255.255.255.255", address_class::reserved},
      {"198.18.0.1", address_class::reserved},
      {"2001:db8::1", address_class::reserved},
      {"2001::1", address_class::reserved},
      {"::7f00:1", address_class::reserved},
  };
  for (const auto& [address, expected] : rows) {
    INFO(address);
    CHECK(to_string(classify(*ip_address::parse(address))) == to_string(expected));
  }
}

TEST_CASE("an address inside another counts as what it reaches") {
  for (const std::string form :
       {"::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"}) {
    INFO(form);
    CHECK(classify(*ip_address::parse(form)) == address_class::metadata);
  }
  CHECK(classify(*ip_address::parse("::ffff:127.0.0.1")) == address_class::loopback);
  CHECK(classify(*ip_address::parse("::ffff:8.8.8.8")) == address_class::public_internet);
  CHECK(allowed({"127.0.0.1"}, "localhost", "::ffff:127.0.0.1"));
}

TEST_CASE("without entries only public addresses are allowed") {
  CHECK(allowed({}, "example.com", "93.184.216.34"));
  for (const std::string address : {"127.0.0.1", "10.1.2.3", "169.254.1.1", "169.254.169.254",
                                    "100.64.0.1", "::1", "fe80::1", "0.0.0.0", "224.0.0.1"}) {
    INFO(address);
    CHECK_FALSE(allowed({}, "example.com", address));
  }
}

TEST_CASE("an entry allows what it names and nothing else") {
  CHECK(allowed({"loopback"}, "localhost", "127.0.0.5"));
  CHECK(allowed({"loopback"}, "localhost", "::1"));
  CHECK_FALSE(allowed({"loopback"}, "localhost", "10.0.0.1"));
  CHECK(allowed({"private"}, "x", "10.0.0.1"));
  CHECK_FALSE(allowed({"private"}, "x", "fd00:ec2::254"));
  CHECK_FALSE(allowed({"link-local"}, "x", "169.254.169.254"));
  CHECK(allowed({"169.254.169.254"}, "x", "169.254.169.254"));
  CHECK(allowed({"10.0.0.0/8"}, "x", "10.255.0.1"));
  CHECK_FALSE(allowed({"10.0.0.0/8"}, "x", "192.168.0.1"));
  CHECK(allowed({"127.0.0.1:8080"}, "x", "127.0.0.1", 8'080));
  CHECK_FALSE(allowed({"127.0.0.1:8080"}, "x", "127.0.0.1", 8'081));
  CHECK(allowed({"[::1]:8080"}, "x", "::1", 8'080));
  CHECK_FALSE(allowed({"[::1]:8080"}, "x", "::1", 80));
  CHECK(allowed({"[::1]"}, "x", "::1"));
  CHECK(allowed({"fd00::/8"}, "x", "fd01::1"));
}

TEST_CASE("a host name allows where it leads, but never to metadata or multicast") {
  CHECK(allowed({"Petstore.Internal"}, "petstore.internal", "10.0.0.1"));
  CHECK(allowed({"localhost:8080"}, "localhost", "127.0.0.1", 8'080));
  CHECK_FALSE(allowed({"localhost:8080"}, "localhost", "127.0.0.1", 80));
  CHECK_FALSE(allowed({"petstore.internal"}, "other.internal", "10.0.0.1"));
  CHECK_FALSE(allowed({"petstore.internal"}, "petstore.internal", "169.254.169.254"));
  CHECK_FALSE(allowed({"petstore.internal"}, "petstore.internal", "224.0.0.1"));
}

TEST_CASE("merged policies allow what either allows") {
  auto both = policy({"loopback"});
  both.merge(policy({"10.0.0.0/8"}));
  CHECK(decide("x", endpoint("127.0.0.1"), both));
  CHECK(decide("x", endpoint("10.1.1.1"), both));
  CHECK_FALSE(decide("x", endpoint("192.168.0.1"), both));
}

TEST_CASE("an entry that makes no sense is refused by name") {
  for (const std::string entry :
       {"", "10.0.0.0/33", "10.0.0/8", "::1/129", "[::1", "[::1]8080", "host:0", "host:70000",
        "host:", "a b", "https://x", "*.internal"}) {
    INFO(entry);
    const auto parsed = address_policy::parse({entry});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == errc::invalid_argument);
    CHECK(parsed.error().message.find("“" + entry + "”") != std::string::npos);
  }
}

TEST_CASE("a denial says what was reached and what would allow it") {
  const auto denied = decide("shop.example", endpoint("10.1.2.3", 8'443), {});
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == errc::forbidden);
  CHECK(denied.error().message ==
        "shop.example is at 10.1.2.3, a private address, which is not allowed: if it is meant, add "
        "“10.1.2.3:8443” or “private” to the allowed addresses of the source");
  CHECK(decide("::1", endpoint("::1"), {}).error().message.find("“[::1]:80”") != std::string::npos);
}

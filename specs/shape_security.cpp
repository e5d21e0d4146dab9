#include "specs/shape.hpp"

#include <array>

// Security schemes of 3.x, and what requires them. Those of 2.0: shape_swagger.cpp.
namespace apisync::specs {

namespace {

using namespace shapes;

constexpr std::array scheme_members{
    text("type").only(v3_0).one_of("apiKey http oauth2 openIdConnect").must(),
    text("type").only(from_3_1).one_of("apiKey http mutualTLS oauth2 openIdConnect").must(),
    text("type").only(v2_0).one_of("basic apiKey oauth2").must(),
    text("description"),
    flag("deprecated").only(v3_2),
};

constexpr std::array api_key_members{
    text("name").must(),
    text("in").one_of("query header cookie").must(),
};
constexpr std::array http_members{
    text("scheme").must(),
};
constexpr std::array bearer_members{
    text("bearerFormat"),
};
constexpr std::array oauth_members{
    one("flows", part::oauth_flows).must(),
    one("oauth2MetadataUrl", part::uri).only(v3_2),
};
constexpr std::array openid_members{
    one("openIdConnectUrl", part::uri).must(),
};

constexpr std::array flows_members{
    one("implicit", part::implicit_flow),
    one("password", part::password_flow),
    one("clientCredentials", part::client_flow),
    one("authorizationCode", part::code_flow),
    one("deviceAuthorization", part::device_flow).only(v3_2),
};

constexpr auto refresh = one("refreshUrl", part::uri);
constexpr auto scopes = map("scopes", part::text).must();
constexpr auto authorization_url = one("authorizationUrl", part::uri).must();
constexpr auto token_url = one("tokenUrl", part::uri).must();

constexpr std::array implicit_members{authorization_url, refresh, scopes};
constexpr std::array token_members{token_url, refresh, scopes};
constexpr std::array code_members{authorization_url, token_url, refresh, scopes};
constexpr std::array device_members{one("deviceAuthorizationUrl", part::uri).must(), token_url,
                                    refresh, scopes};

constexpr std::array table{
    object_shape{.id = part::security_scheme,
                 .noun = "a security scheme",
                 .members = scheme_members,
                 .may_refer = from_3_0},
    object_shape{.id = part::api_key_scheme,
                 .noun = "an 'apiKey' security scheme",
                 .members = api_key_members,
                 .base = part::security_scheme},
    object_shape{.id = part::http_scheme,
                 .noun = "an 'http' security scheme other than bearer",
                 .members = http_members,
                 .base = part::security_scheme},
    object_shape{.id = part::bearer_scheme,
                 .noun = "a bearer security scheme",
                 .members = bearer_members,
                 .base = part::http_scheme},
    object_shape{.id = part::mutual_tls_scheme,
                 .noun = "a 'mutualTLS' security scheme",
                 .base = part::security_scheme},
    object_shape{.id = part::oauth_scheme,
                 .noun = "an 'oauth2' security scheme",
                 .members = oauth_members,
                 .base = part::security_scheme},
    object_shape{.id = part::openid_scheme,
                 .noun = "an 'openIdConnect' security scheme",
                 .members = openid_members,
                 .base = part::security_scheme},
    object_shape{.id = part::oauth_flows, .noun = "'flows'", .members = flows_members},
    object_shape{
        .id = part::implicit_flow, .noun = "an implicit flow", .members = implicit_members},
    object_shape{.id = part::password_flow, .noun = "a password flow", .members = token_members},
    object_shape{
        .id = part::client_flow, .noun = "a client credentials flow", .members = token_members},
    object_shape{
        .id = part::code_flow, .noun = "an authorization code flow", .members = code_members},
    object_shape{
        .id = part::device_flow, .noun = "a device authorization flow", .members = device_members},
    object_shape{.id = part::security_requirement,
                 .noun = "a security requirement",
                 .extensions = false,
                 .rest = part::text_list},
};

} // namespace

std::span<const object_shape> security_shapes() {
  return table;
}

} // namespace apisync::specs

#include "sources/discovery_places.hpp"

#include <algorithm>
#include <array>

namespace apisync::sources {
namespace {

constexpr std::array paths{
    known_path{"/.well-known/api-catalog", "RFC 9727"},
    known_path{"/openapi.json", "FastAPI, and many others"},
    known_path{"/v3/api-docs", "Spring (springdoc)"},
    known_path{"/v3/api-docs/swagger-config", "Spring (springdoc)"},
    known_path{"/swagger/v1/swagger.json", "ASP.NET (Swashbuckle)"},
    known_path{"/openapi/v1.json", "ASP.NET"},
    known_path{"/api-json", "NestJS"},
    known_path{"/api-docs.json", "Express"},
    known_path{"/api-docs", "Express"},
    known_path{"/swagger.json", "Express, Flask (flask-restx)"},
    known_path{"/api/schema/", "Django (drf-spectacular)"},
    known_path{"/schema/", "Django (drf-spectacular)"},
    known_path{"/apispec_1.json", "Flask (flasgger)"},
    known_path{"/api-docs/v1/swagger.yaml", "Rails (rswag)"},
    known_path{"/api-docs/v1/openapi.yaml", "Rails (rswag)"},
    known_path{"/swagger_doc", "Rails (grape-swagger)"},
    known_path{"/docs/api.json", "Laravel (Scramble)"},
    known_path{"/docs?api-docs.json", "Laravel (L5-Swagger)"},
    known_path{"/openapi.yaml", "many"},
    known_path{"/openapi.yml", "many"},
    known_path{"/openapi", "MicroProfile"},
    known_path{"/q/openapi", "Quarkus"},
    known_path{"/swagger/doc.json", "Go (swag)"},
    known_path{"/swagger.yaml", "many"},
    known_path{"/v2/api-docs", "Spring (springfox)"},
    known_path{"/api/openapi.json", "many"},
    known_path{"/api/v1/openapi.json", "FastAPI"},
    known_path{"/api/v3/openapi.json", "many"},
    known_path{"/v1/openapi.json", "many"},
    known_path{"/docs-json", "NestJS"},
    known_path{"/swagger-json", "NestJS"},
    known_path{"/docs", "FastAPI"},
    known_path{"/redoc", "FastAPI"},
    known_path{"/swagger-ui/index.html", "Spring (springdoc)"},
    known_path{"/swagger-ui.html", "Spring (springdoc)"},
    known_path{"/swagger/index.html", "ASP.NET (Swashbuckle)"},
    known_path{"/scalar", "Scalar"},
    known_path{"/scalar/v1", "ASP.NET"},
    known_path{"/api", "NestJS"},
    known_path{"/api/docs", "many"},
    known_path{"/apidocs/", "Flask (flasgger)"},
    known_path{"/api/documentation", "Laravel (L5-Swagger)"},
    known_path{"/swagger/", "Django (drf-yasg)"},
};

constexpr std::array ports{
    known_port{8000}, known_port{8080},       known_port{3000},       known_port{5000},
    known_port{80},   known_port{443, true},  known_port{8081},       known_port{4000},
    known_port{9000}, known_port{8443, true}, known_port{5001, true}, known_port{8888},
};

constexpr std::array marks{
    answer_mark{R"("message":"Cannot GET )", "NestJS"},
    answer_mark{"Cannot GET /", "Express"},
    answer_mark{R"({"detail":"Not Found"})", "FastAPI"},
    answer_mark{"Whitelabel Error Page", "Spring"},
    answer_mark{R"("status":404,"error":"Not Found")", "Spring"},
    answer_mark{"If you entered the URL manually please check your spelling", "Flask"},
    answer_mark{"The requested resource was not found on this server.", "Django"},
    answer_mark{"You're seeing this error because you have <code>DEBUG = True</code>", "Django"},
    answer_mark{"Django REST framework", "Django"},
    answer_mark{"No route matches", "Rails"},
    answer_mark{"The page you were looking for doesn't exist", "Rails"},
    answer_mark{R"(could not be found.","exception":"Symfony)", "Laravel"},
    answer_mark{"NotFoundHttpException", "Laravel"},
    answer_mark{"rfc9110#section-15.5.5", "ASP.NET"},
};

constexpr std::array manifests{
    manifest_mark{"package.json", "\"@nestjs/", "NestJS"},
    manifest_mark{"package.json", "\"express\"", "Express"},
    manifest_mark{"requirements.txt", "fastapi", "FastAPI"},
    manifest_mark{"pyproject.toml", "fastapi", "FastAPI"},
    manifest_mark{"requirements.txt", "drf-spectacular", "Django"},
    manifest_mark{"pyproject.toml", "drf-spectacular", "Django"},
    manifest_mark{"requirements.txt", "djangorestframework", "Django"},
    manifest_mark{"pyproject.toml", "djangorestframework", "Django"},
    manifest_mark{"requirements.txt", "lask", "Flask"},
    manifest_mark{"pyproject.toml", "lask", "Flask"},
    manifest_mark{"pom.xml", "org.springframework", "Spring"},
    manifest_mark{"build.gradle", "org.springframework", "Spring"},
    manifest_mark{"build.gradle.kts", "org.springframework", "Spring"},
    manifest_mark{".csproj", "Microsoft.NET.Sdk.Web", "ASP.NET"},
    manifest_mark{"Gemfile", "rails", "Rails"},
    manifest_mark{"composer.json", "laravel/framework", "Laravel"},
};

constexpr std::array advices{
    framework_advice{
        "FastAPI",
        "FastAPI serves /openapi.json unless it is made with openapi_url=None, as some do in "
        "production. An application mounted below a path has its own: try URL/THAT/PATH"},
    framework_advice{
        "Spring", "springdoc serves /v3/api-docs where springdoc-openapi-starter is a dependency "
                  "and springdoc.api-docs.enabled is not false, as it often is in production. With "
                  "server.servlet.context-path or springdoc.api-docs.path, name that path"},
    framework_advice{
        "ASP.NET",
        "The templates of ASP.NET serve the document in development only: MapOpenApi() and "
        "UseSwagger() stand within if (app.Environment.IsDevelopment()). Its name is in the path, "
        "/openapi/NAME.json or /swagger/NAME/swagger.json, v1 unless it was changed"},
    framework_advice{
        "Express",
        "Express serves no document by itself. swagger-ui-express puts it into the page: "
        "serve it as well, app.get('/openapi.json', (_, res) => res.json(document))"},
    framework_advice{
        "NestJS",
        "SwaggerModule.setup('PATH', …) serves PATH-json and PATH-yaml, unless it is called "
        "in development only or with raw: false. Name the address /PATH-json"},
    framework_advice{
        "Django",
        "drf-spectacular serves the document where urls.py has SpectacularAPIView, by custom "
        "at /api/schema/; SERVE_PUBLIC: False and SERVE_PERMISSIONS keep it to those who "
        "may see it"},
    framework_advice{
        "Flask", "Flask serves no document by itself. flasgger has /apispec_1.json, flask-restx "
                 "/swagger.json, flask-smorest what OPENAPI_URL_PREFIX and OPENAPI_JSON_PATH say, "
                 "which it serves only where the prefix is set"},
    framework_advice{
        "Rails", "Rails serves no document by itself. rswag writes swagger/v1/swagger.yaml: run "
                 "rake rswag:specs:swaggerize, and take the file or git as the source"},
    framework_advice{
        "Laravel",
        "Scramble serves /docs/api.json in the local environment, elsewhere only to whom "
        "the gate viewApiDocs lets in; L5-Swagger serves what php artisan "
        "l5-swagger:generate has written"},
};

} // namespace

std::span<const known_path> known_paths() {
  return paths;
}
std::span<const known_port> known_ports() {
  return ports;
}
std::span<const answer_mark> answer_marks() {
  return marks;
}
std::span<const manifest_mark> manifest_marks() {
  return manifests;
}

std::string_view advice_for(std::string_view framework) {
  const auto found = std::ranges::find(advices, framework, &framework_advice::framework);
  return found == advices.end() ? std::string_view{} : found->advice;
}

std::string_view framework_of_answer(std::string_view body) {
  const auto found = std::ranges::find_if(
      marks, [&](const auto& mark) { return body.find(mark.words) != body.npos; });
  return found == marks.end() ? std::string_view{} : found->framework;
}

} // namespace apisync::sources

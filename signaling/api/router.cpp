#include "signaling/api/router.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "signaling/api/text_forms.h"

namespace signaling::api {
namespace {

// Decoded segments; nullopt: a broken escape, or an empty one in the middle.
std::optional<std::vector<std::string>> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    auto segment = percent_decoded(path.substr(0, end));
    if (!segment || segment->empty()) return std::nullopt;
    segments.push_back(std::move(*segment));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

}  // namespace

struct Router::Node {
  struct Leaf {
    net::Method method;
    const Route* route;
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::string path_template;       // of the route that ends here
  std::vector<std::string> names;  // of its parameters, in order
  std::vector<Leaf> leaves;
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::read(net::Method method, std::string path, Access access, Job job, RouteOptions options) {
  add({method, std::move(path), access, std::move(options), Transaction::read, std::move(job), nullptr});
}

void Router::write(net::Method method, std::string path, Access access, Job job, RouteOptions options) {
  add({method, std::move(path), access, std::move(options), Transaction::write, std::move(job), nullptr});
}

void Router::direct(net::Method method, std::string path, Access access, Direct direct, RouteOptions options) {
  add({method, std::move(path), access, std::move(options), Transaction::read, nullptr, std::move(direct)});
}

void Router::add(Route route) {
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  const Route& kept = *routes_.back();
  insert(kept.path, kept);
  for (const std::string& alias : kept.options.aliases) insert(alias, kept);
}

void Router::insert(const std::string& path, const Route& route) {
  Node* node = root_.get();
  std::vector<std::string> names;
  const auto segments = segments_of(path);
  if (!segments) throw std::logic_error("no path template: " + path);
  for (const std::string& segment : *segments) {
    std::unique_ptr<Node>& next = is_parameter(segment) ? node->parameter : node->literals[segment];
    if (!next) next = std::make_unique<Node>();
    if (is_parameter(segment)) names.push_back(segment.substr(1, segment.size() - 2));
    node = next.get();
  }
  for (const Node::Leaf& leaf : node->leaves)
    if (leaf.method == route.method) throw std::logic_error("two routes for " + path);
  if (!node->leaves.empty() && node->names != names) throw std::logic_error("two names for a parameter of " + path);
  node->path_template = path;
  node->names = std::move(names);
  node->leaves.push_back({route.method, &route});
}

const Router::Node* Router::descend(const Node& from, const std::vector<std::string>& segments, std::size_t at,
                                    std::vector<std::string>& values) const {
  if (at == segments.size()) return from.leaves.empty() ? nullptr : &from;
  if (const auto literal = from.literals.find(segments[at]); literal != from.literals.end())
    if (const Node* found = descend(*literal->second, segments, at + 1, values)) return found;
  if (!from.parameter) return nullptr;
  values.push_back(segments[at]);
  if (const Node* found = descend(*from.parameter, segments, at + 1, values)) return found;
  values.pop_back();
  return nullptr;
}

Router::Match Router::find(net::Method method, std::string_view path) const {
  Match match;
  const auto segments = segments_of(path);
  if (!segments) return match;
  std::vector<std::string> values;
  const Node* node = descend(*root_, *segments, 0, values);
  if (node == nullptr) return match;
  match.path_template = node->path_template;
  for (std::size_t i = 0; i < values.size(); ++i) match.parameters.emplace_back(node->names[i], std::move(values[i]));
  const net::Method wanted = method == net::Method::head ? net::Method::get : method;
  for (const Node::Leaf& leaf : node->leaves) {
    match.methods.push_back(leaf.method);
    if (leaf.method == wanted) match.route = leaf.route;
  }
  return match;
}

std::vector<std::pair<net::Method, std::string>> Router::operations() const {
  std::vector<std::pair<net::Method, std::string>> all;
  for (const auto& route : routes_) {
    all.emplace_back(route->method, route->path);
    for (const std::string& alias : route->options.aliases) all.emplace_back(route->method, alias);
  }
  return all;
}

std::string allow_field(const std::vector<net::Method>& methods) {
  std::string text;
  const auto add = [&](std::string_view name) { text.append(text.empty() ? "" : ", ").append(name); };
  for (const net::Method method : methods) {
    add(net::to_string(method));
    if (method == net::Method::get) add("HEAD");
  }
  add("OPTIONS");
  return text;
}

}  // namespace signaling::api

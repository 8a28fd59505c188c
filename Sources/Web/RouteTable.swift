import HTTPTypes

/// Finds the endpoint for a method and a path.
///
/// Where two templates fit a path, the one with the fixed segment goes before the one with a parameter, and that before
/// the one whose last parameter takes the rest of the path.
struct RouteTable: Sendable {
    struct Match {
        /// `nil` where the path is known and the method is not.
        let route: Route?
        /// As they stand in the path, in the order of the template.
        let arguments: [Substring]
        /// The value of `Allow`.
        let allowedMethods: String
    }

    private final class Node: Sendable {
        let fixed: [Substring: Node]
        let parameter: Node?
        /// What takes all that is left of a path, of which at least one segment is.
        let rest: Node?
        let routes: [(method: HTTPRequest.Method, route: Route)]
        let allowedMethods: String

        init(_ rest: [(segments: ArraySlice<Substring>, route: Route)]) throws(DuplicateEndpoint) {
            var below: [Substring: [(ArraySlice<Substring>, Route)]] = [:]
            var parameters: [(ArraySlice<Substring>, Route)] = []
            var takers: [(ArraySlice<Substring>, Route)] = []
            var here: [Route] = []
            for (segments, route) in rest {
                switch segments.first {
                case nil: here.append(route)
                case _? where route.endpoint.takesRest && segments.count == 1: takers.append(([], route))
                case let segment? where Route.parameterName(segment) != nil:
                    parameters.append((segments.dropFirst(), route))
                case let segment?: below[segment, default: []].append((segments.dropFirst(), route))
                }
            }
            var fixed: [Substring: Node] = [:]
            for (segment, rest) in below { fixed[segment] = try Node(rest) }
            self.fixed = fixed
            parameter = parameters.isEmpty ? nil : try Node(parameters)
            self.rest = takers.isEmpty ? nil : try Node(takers)
            routes = try Node.byMethod(here)
            allowedMethods = here.isEmpty ? "" : joined(routes.map(\.method.rawValue) + ["OPTIONS"])
        }

        private static func byMethod(
            _ routes: [Route]
        ) throws(DuplicateEndpoint) -> [(method: HTTPRequest.Method, route: Route)] {
            var found: [(method: HTTPRequest.Method, route: Route)] = []
            for route in routes {
                let endpoint = route.endpoint
                guard !found.contains(where: { $0.method == endpoint.method }) else {
                    throw DuplicateEndpoint(method: endpoint.method.rawValue, path: endpoint.path)
                }
                found.append((endpoint.method, route))
                if endpoint.method == .get { found.append((.head, route)) }
            }
            return found
        }
    }

    private let root: Node
    /// Every method that any path knows.
    let allMethods: String

    /// - Throws: where two endpoints claim the same method and path.
    init(_ routes: [Route]) throws(DuplicateEndpoint) {
        root = try Node(routes.map { ($0.endpoint.path.split(separator: "/")[...], $0) })
        let methods = routes.map(\.endpoint.method.rawValue)
        allMethods = joined(methods + ["OPTIONS"] + (methods.contains("GET") ? ["HEAD"] : []))
    }

    /// - Returns: `nil` where no endpoint has this path.
    func match(_ method: HTTPRequest.Method, path: String) -> Match? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var arguments: [Substring] = []
        let rest = path.dropFirst()
        guard let node = RouteTable.descend(root, rest.isEmpty ? nil : rest, &arguments) else { return nil }
        let route = node.routes.first { $0.method == method }?.route
        return Match(route: route, arguments: arguments, allowedMethods: node.allowedMethods)
    }

    /// - Parameter rest: `nil` where the path is at its end.
    private static func descend(_ node: Node, _ rest: Substring?, _ arguments: inout [Substring]) -> Node? {
        guard let rest else { return node.routes.isEmpty ? nil : node }
        let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let segment = rest[..<end]
        guard !segment.isEmpty else { return nil }
        let next = end == rest.endIndex ? nil : rest[rest.utf8.index(after: end)...]
        if let fixed = node.fixed[segment], let found = descend(fixed, next, &arguments) { return found }
        if let parameter = node.parameter {
            arguments.append(segment)
            if let found = descend(parameter, next, &arguments) { return found }
            arguments.removeLast()
        }
        guard let taker = node.rest else { return nil }
        arguments.append(rest)
        return taker
    }
}

package struct DuplicateEndpoint: Error, Sendable, Hashable {
    package let method: String
    package let path: String
}

private func joined(_ methods: [String]) -> String {
    Set(methods).sorted().joined(separator: ", ")
}

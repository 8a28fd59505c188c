import Core
import HTTPTypes

/// An endpoint with what is the same for all its requests, computed once.
final class Route: Sendable {
    let endpoint: Endpoint
    let quotas: QuotaPair
    let parameterNames: [String]

    init(_ endpoint: Endpoint, rateLimitScale: Int) {
        self.endpoint = endpoint
        quotas = QuotaPair(endpoint.rateLimit, scale: rateLimitScale)
        parameterNames = endpoint.path.split(separator: "/").compactMap(Route.parameterName)
    }

    static func parameterName(_ segment: Substring) -> String? {
        guard segment.first == "{", segment.last == "}" else { return nil }
        return String(segment.dropFirst().dropLast())
    }

    /// The media types that its body may have.
    var consumes: String? {
        switch endpoint.body {
        case .none: nil
        // RFC 7396: the only patch format that this API reads.
        case .json: endpoint.method == .patch ? "application/merge-patch+json" : "application/json"
        case .stream(let mediaType, _): mediaType
        }
    }
}

/// Which methods a path knows, for what no endpoint answers: wrong methods, OPTIONS, unknown paths.
struct MethodTable: Sendable {
    private struct Entry {
        let segments: [Substring]
        var methods: Set<String>
    }

    private var entries: [String: Entry] = [:]

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            var entry =
                entries[endpoint.path] ?? Entry(segments: endpoint.path.split(separator: "/"), methods: ["OPTIONS"])
            entry.methods.insert(endpoint.method.rawValue)
            if endpoint.method == .get { entry.methods.insert("HEAD") }
            entries[endpoint.path] = entry
        }
    }

    /// The value of `Allow`; `nil` where no endpoint has this path.
    func allowed(path: Substring) -> String? {
        let segments = path.split(separator: "/")
        // Where two templates fit, the one with more fixed segments is the one that the router takes.
        let best = entries.values.filter { matches($0.segments, segments) }
            .max { parameterCount($0.segments) > parameterCount($1.segments) }
        return best?.methods.sorted().joined(separator: ", ")
    }

    /// Every method that any path knows.
    var allMethods: String {
        entries.values.reduce(into: Set<String>()) { $0.formUnion($1.methods) }.sorted().joined(separator: ", ")
    }

    private func matches(_ template: [Substring], _ segments: [Substring]) -> Bool {
        template.count == segments.count
            && zip(template, segments).allSatisfy { Route.parameterName($0) != nil || $0 == $1 }
    }

    private func parameterCount(_ template: [Substring]) -> Int {
        template.count { Route.parameterName($0) != nil }
    }
}

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

    /// The media types that its body may have; none where it has no body.
    var consumes: [String] {
        switch endpoint.body {
        case .none: []
        // RFC 7396: the only patch format that this API reads.
        case .json: [endpoint.method == .patch ? "application/merge-patch+json" : "application/json"]
        case .stream(let mediaTypes, _, _): mediaTypes
        case .form: [FormBody.mediaType]
        }
    }
}

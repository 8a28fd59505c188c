package import Core
package import HTTPTypes

/// A `Failure` with what only HTTP can say about it: headers of the answer, and members beyond RFC 9457's own.
package struct WebProblem: Error, Sendable {
    package let failure: Failure
    package let headers: HTTPFields
    package let members: [JSON.Member]

    package init(_ failure: Failure, headers: HTTPFields = [:], members: [JSON.Member] = []) {
        self.failure = failure
        self.headers = headers
        self.members = members
    }
}

extension ProblemType {
    /// The one place where a refusal becomes a status code.
    package var status: HTTPResponse.Status {
        if let status = ProblemType.statusesOfHTTP[code] { return status }
        return switch kind {
        case .malformed: .badRequest
        case .invalid: .unprocessableContent
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .stale: .preconditionFailed
        case .throttled: .tooManyRequests
        case .unavailable: .serviceUnavailable
        case .full: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    /// The stable part of the problem's URI: `/problems/malformed-json`.
    package var slug: String {
        String(code.map { $0 == "_" ? "-" : $0 })
    }

    /// Problems that belong to HTTP alone, and have statuses that no layer below knows.
    private static let statusesOfHTTP: [String: HTTPResponse.Status] = [
        methodNotAllowed.code: .methodNotAllowed,
        notAcceptable.code: .notAcceptable,
        requestTimeout.code: .requestTimeout,
        payloadTooLarge.code: .contentTooLarge,
        lineTooLong.code: .contentTooLarge,
        unsupportedMediaType.code: .unsupportedMediaType,
        unsupportedContentEncoding.code: .unsupportedMediaType,
        expectationFailed.code: .expectationFailed,
        preconditionRequired.code: .preconditionRequired,
        quotaExceeded.code: .tooManyRequests,
        headersTooLarge.code: .requestHeaderFieldsTooLarge,
        internalError.code: .internalServerError,
    ]
}

import Core
import HTTPTypes

/// A refusal as the caller reads it.
struct Problem {
    private let problem: WebProblem
    private let requestID: String
    private let language: Language

    init(_ problem: WebProblem, requestID: String, language: Language) {
        self.problem = problem
        self.requestID = requestID
        self.language = language
    }

    var reply: Reply {
        let failure = problem.failure
        var headers = problem.headers
        headers[.contentType] = "application/problem+json"
        if failure.type.status == .unauthorized, !headers.contains(.wwwAuthenticate) {
            headers[.wwwAuthenticate] = "Bearer"
        }
        if let seconds = failure.retryAfterSeconds ?? defaultRetryAfterSeconds {
            headers[.retryAfter] = String(seconds)
        }
        return Reply(failure.type.status, headers: headers, body: .bytes(bytes))
    }

    /// Whoever is told to come again is told when.
    private var defaultRetryAfterSeconds: Int? {
        problem.failure.type.status == .serviceUnavailable ? 1 : nil
    }

    private var bytes: [UInt8] {
        let failure = problem.failure
        var members: [JSON.Member] = [
            JSON.Member("type", .string("/problems/\(failure.type.slug)")),
            JSON.Member("title", .string(failure.type.title.text(in: language))),
            JSON.Member("status", .integer(Int64(failure.type.status.code))),
            JSON.Member("detail", .string(failure.detail.text(in: language))),
            JSON.Member("instance", .string("urn:chexin:req:\(requestID)")),
            JSON.Member("code", .string(failure.type.code)),
            JSON.Member("request_id", .string(requestID)),
        ]
        if !failure.faults.isEmpty {
            members.append(JSON.Member("errors", .array(failure.faults.map(error))))
        }
        return JSON.object(members + problem.members).bytes
    }

    private func error(_ fault: Fault) -> JSON {
        [
            "pointer": .string(fault.pointer),
            "code": .string(fault.code),
            "detail": .string(fault.detail.text(in: language)),
        ]
    }
}

extension Reply.Body {
    var bytes: [UInt8] {
        guard case .bytes(let bytes) = self else { return [] }
        return bytes
    }
}

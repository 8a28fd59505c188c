package import Core
import Cryptography
import HTTPTypes

/// Explains every problem that the API answers with: what stands behind the `type` of a problem.
package struct ProblemCatalogue: Sendable {
    private let types: [ProblemType]

    /// - Parameter types: of every slice, and `ProblemType.web`. One that is named twice is explained once.
    package init(_ types: [ProblemType]) {
        var codes: Set<String> = []
        self.types = types.filter { codes.insert($0.code).inserted }.sorted { $0.code < $1.code }
    }

    package var endpoints: [Endpoint] {
        let all = answer(["data": .array(types.map(explanation))])
        let byCode = types.reduce(into: [String: Reply]()) { replies, type in
            let reply = answer(explanation(type))
            replies[type.slug] = reply
            replies[type.code] = reply
        }
        return [
            Endpoint(.get, "/problems", authorize: AccessDecision.everyone) { _ in all },
            Endpoint(.get, "/problems/{code}", authorize: AccessDecision.everyone) { call in
                guard let reply = byCode[try call.parameter("code")] else { throw Failure(.notFound) }
                return reply
            },
        ]
    }

    private func explanation(_ type: ProblemType) -> JSON {
        [
            "type": .string("/problems/\(type.slug)"),
            "code": .string(type.code),
            "status": .integer(Int64(type.status.code)),
            "title": ["zh-CN": .string(type.title.zh), "en": .string(type.title.en)],
        ]
    }

    private func answer(_ json: JSON) -> Reply {
        let bytes = json.bytes
        let tag = SHA256.hash(bytes).bytes.prefix(8).hex
        return Reply.json(bytes: bytes).withETag(tag).with(.cacheControl, "public, max-age=3600")
    }
}

import Core
import HTTPTypes
import NIOCore
import Storage
import Synchronization
import Web

extension ProblemType {
    static let thingNotFound = ProblemType("thing_not_found", .notFound, zh: "没有这件东西", en: "There is no such thing")
}

struct SiteEndpoints {
    let database: any Database
    let effects: Tally

    static let private404 = "thing_of_org_b"
    static let few = RateLimit(name: "few", quota: 3, windowSeconds: 60)

    var all: [Endpoint] {
        things + instants + streams + faults + ProblemCatalogue(ProblemType.web + [.thingNotFound]).endpoints
    }

    private static let signedIn: @Sendable (Principal?) -> AccessDecision = { $0 == nil ? .unauthenticated : .allowed }

    private var things: [Endpoint] {
        let (database, effects) = (database, effects)
        return [
            Endpoint(
                .get,
                "/v1/things",
                query: Page.query.union(["color"]),
                authorize: SiteEndpoints.signedIn,
                handler: { call in
                    let page = try call.page()
                    let first = page.position.flatMap { Int($0) } ?? 0
                    let numbers = Array((first + 1...250).prefix(page.limit))
                    let isLast = (numbers.last ?? 250) >= 250
                    return call.list(numbers.map { JSON($0) }, next: isLast ? nil : numbers.last.map { "\($0)" })
                }
            ),
            Endpoint(
                .get,
                "/v1/things/{id}",
                produces: ["application/json", "application/x-ndjson"],
                authorize: SiteEndpoints.signedIn,
                handler: { call in
                    let id = try call.parameter("id")
                    guard id != SiteEndpoints.private404, id != "missing" else { throw Failure(.thingNotFound) }
                    return Reply.json(["id": .string(id), "media": .string(call.mediaType)])
                        .withETag(Site.idTag)
                        .with(.cacheControl, "private, max-age=5")
                }
            ),
            Endpoint(
                .post,
                "/v1/things",
                body: .json,
                repetition: .keyed,
                authorize: SiteEndpoints.signedIn,
                handler: { call in
                    var reader = try ObjectReader(call.json)
                    let name = reader.string("name")
                    _ = reader.integer("weight", in: 0...100, required: false)
                    reader.refuseUnknownMembers()
                    try reader.faults.throwIfAny()
                    return try await database.writeRetrying { tx in
                        try call.once(in: tx) {
                            let number = effects.increment()
                            if name == "too late" { throw Failure(.thingNotFound) }
                            return Reply.json(["number": JSON(number), "name": .string(name ?? "")], status: .created)
                                .withLocation("/v1/things/\(number)")
                        }
                    }
                }
            ),
            Endpoint(
                .post,
                "/v1/things/{id}/publish",
                repetition: .keyed,
                authorize: SiteEndpoints.signedIn,
                handler: { call in
                    try await database.writeRetrying { tx in
                        try call.once(in: tx) {
                            effects.increment()
                            return Reply(.noContent)
                        }
                    }
                }
            ),
            Endpoint(
                .patch,
                "/v1/things/{id}",
                body: .json,
                authorize: SiteEndpoints.signedIn,
                handler: { call in
                    try call.requireIfMatch(try call.parameter("id") == "missing" ? nil : Site.idTag)
                    return Reply(.noContent).withETag("v18-00000000")
                }
            ),
            Endpoint(
                .delete,
                "/v1/things/{id}",
                authorize: { principal in
                    principal?.organization == "org_b"
                        ? .forbidden(LocalizedText(zh: "此凭证不能删除", en: "This credential may not delete"))
                        : .allowed
                },
                handler: { _ in Reply(.noContent) }
            ),
            Endpoint(
                .post,
                "/v1/echo",
                body: .json(maximumBytes: 4096),
                repetition: .keyed,
                authorize: AccessDecision.everyone,
                handler: { call in
                    try await database.writeRetrying { tx in try call.once(in: tx) { Reply.json(["got": call.json]) } }
                }
            ),
            Endpoint(
                .get,
                "/v1/public",
                query: ["q"],
                authorize: AccessDecision.everyone,
                handler: { call in
                    Reply.json(["q": .string(call.query["q"] ?? ""), "language": .string(call.language.rawValue)])
                }
            ),
            Endpoint(
                .get,
                "/v1/few",
                rateLimit: SiteEndpoints.few,
                authorize: AccessDecision.everyone,
                handler: { _ in Reply.json([:]).withETag("few") }
            ),
        ]
    }

    /// Their answers are at hand from the second time on.
    private var instants: [Endpoint] {
        [("/v1/instant/{name}", RateLimit.standard), ("/v1/instant-few/{name}", SiteEndpoints.few)].map { path, limit in
            let kept = Mutex<Reply?>(nil)
            let effects = effects
            return Endpoint(
                .get,
                path,
                rateLimit: limit,
                authorize: AccessDecision.everyone,
                atOnce: { call in call.principal == nil ? kept.withLock { $0 } : nil },
                handler: { call in
                    effects.increment()
                    let reply = Reply.json(["instant": .string(try call.parameter("name"))]).withETag("instant")
                    kept.withLock { $0 = reply }
                    return reply
                }
            )
        }
    }

    private var streams: [Endpoint] {
        let effects = effects
        return [
            Endpoint(
                .post,
                "/v1/import",
                body: .stream(mediaTypes: ["application/x-ndjson"], maximumBytes: 1 << 20),
                produces: ["application/x-ndjson"],
                repetition: .keyed,
                rateLimit: .bulk,
                authorize: SiteEndpoints.signedIn,
                handler: { call in
                    guard let stream = call.stream else { throw Failure(.malformedRequest) }
                    return Reply(
                        .ok,
                        headers: [.contentType: "application/x-ndjson"],
                        body: .stream { writer in
                            for try await line in stream.lines(maximumBytes: 1000) {
                                effects.increment()
                                try await writer.write(Array("{\"bytes\":\(line.count)}\n".utf8))
                            }
                        }
                    )
                }
            ),
            // Reads everything before it answers, so that what is wrong with the body shows in the status.
            Endpoint(
                .post,
                "/v1/upload",
                body: .stream(mediaTypes: ["application/octet-stream"], maximumBytes: 100_000),
                rateLimit: .bulk,
                authorize: AccessDecision.everyone,
                handler: { call in
                    var count = 0
                    if let stream = call.stream {
                        for try await chunk in stream { count += chunk.readableBytes }
                    }
                    return Reply.json(["bytes": JSON(count)])
                }
            ),
            Endpoint(
                .get,
                "/v1/download",
                produces: ["text/plain"],
                authorize: AccessDecision.everyone,
                handler: { _ in
                    Reply(
                        .ok,
                        headers: [.contentType: "text/plain"],
                        body: .stream { writer in
                            for number in 1...3 { try await writer.write(Array("part \(number)\n".utf8)) }
                        }
                    )
                }
            ),
            Endpoint(
                .get,
                "/v1/endless",
                produces: ["text/plain"],
                authorize: AccessDecision.everyone,
                handler: { _ in
                    Reply(
                        .ok,
                        body: .stream { writer in
                            let block = [UInt8](repeating: 65, count: 65_536)
                            while true { try await writer.write(block) }
                        }
                    )
                }
            ),
        ]
    }

    private var faults: [Endpoint] {
        let effects = effects
        return [
            Endpoint(.get, "/v1/defect", authorize: AccessDecision.everyone, handler: { _ in throw Defect() }),
            Endpoint(
                .get,
                "/v1/kinds/{kind}",
                authorize: AccessDecision.everyone,
                handler: { call in
                    let name = try call.parameter("kind")
                    guard let kind = FailureKind.allCases.first(where: { "\($0)" == name }) else { throw Defect() }
                    throw Failure(ProblemType("some_\(name.lowercased())", kind, zh: "中文标题", en: "English title"))
                }
            ),
            Endpoint(
                .get,
                "/v1/never",
                deadlineSeconds: 0,
                authorize: AccessDecision.everyone,
                handler: { _ in
                    try await Task.sleep(for: .seconds(3600))
                    return Reply(.noContent)
                }
            ),
            Endpoint(
                .post,
                "/v1/late",
                deadlineSeconds: 0,
                authorize: AccessDecision.everyone,
                handler: { _ in
                    let before = effects.value
                    // Until somebody else has asked for something that counts.
                    while effects.value == before { try await Task.sleep(for: .milliseconds(1)) }
                    effects.increment()
                    return Reply(.noContent)
                }
            ),
            Endpoint(
                .get,
                "/v1/wait",
                authorize: AccessDecision.everyone,
                handler: { _ in
                    let before = effects.increment()
                    // Until somebody else has asked for something that counts.
                    while effects.value == before { try await Task.sleep(for: .milliseconds(1)) }
                    return Reply.json(["waited": true])
                }
            ),
            Endpoint(
                .get,
                "/v1/count",
                authorize: AccessDecision.everyone,
                handler: { _ in Reply.json(["count": JSON(effects.increment())]) }
            ),
        ]
    }
}

/// What no layer should throw; its text must stay inside.
struct Defect: Error, CustomStringConvertible {
    var description: String { "secret of the implementation" }
}

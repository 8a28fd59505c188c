import Core
import Cryptography
import HTTPTypes
import Identity
import NIOCore
import Pricing
import Storage
import Web

extension ValuationService {
    static let yaml = "application/yaml"

    var ruleSetEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/pricing/rule-sets",
                query: Page.query,
                authorize: Policy.authorize(.pricingRead),
                handler: listRuleSets
            ),
            Endpoint(
                .post,
                "/v1/pricing/rule-sets",
                body: .stream(mediaTypes: [ValuationService.yaml], maximumBytes: RuleSets.documentBytes),
                rateLimit: .bulk,
                authorize: Policy.authorize(.pricingManage),
                handler: addRuleSet
            ),
            Endpoint(
                .get,
                "/v1/pricing/rule-sets/{version}",
                produces: ["application/json", ValuationService.yaml],
                authorize: Policy.authorize(.pricingRead),
                handler: readRuleSet
            ),
            Endpoint(
                .post,
                "/v1/pricing/rule-sets/{version}/put-in-force",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.pricingManage),
                handler: putInForce
            ),
        ]
    }

    private func listRuleSets(_ call: Call) async throws -> Reply {
        let page = try call.page()
        let after = page.position.flatMap { Digest(hex: $0)?.bytes } ?? []
        let kept = try await database.read { try RuleSetStore.page($0, after: after, limit: page.limit + 1) }
        let current = market.ruleSet?.name.hash
        return call.list(kept, on: page, position: \.hash.hex) { $0.json(isCurrent: $0.hash == current) }
    }

    private func addRuleSet(_ call: Call) async throws -> Reply {
        let ruleSet = try await readDocument(call) { try RuleSet(reading: $0) }
        let origin = Origin(call)
        let (kept, isNew) = try await database.writeRetrying { try RuleSets.add($0, ruleSet, from: origin) }
        return Reply.json(kept.json(isCurrent: kept.hash == market.ruleSet?.name.hash), status: isNew ? .created : .ok)
            .withLocation("/v1/pricing/rule-sets/\(kept.hash.hex)")
    }

    /// Reading a large document takes longer than other connections should wait.
    func readDocument<Document: Sendable>(
        _ call: Call,
        _ read: @escaping @Sendable ([UInt8]) throws -> Document
    ) async throws -> Document {
        guard let stream = call.stream else { throw Failure(.malformedRequest) }
        var bytes: [UInt8] = []
        for try await chunk in stream { bytes.append(contentsOf: chunk.readableBytesView) }
        let whole = bytes
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try read(whole) }
    }

    private func readRuleSet(_ call: Call) async throws -> Reply {
        let kept = try await ruleSet(call)
        guard call.mediaType == ValuationService.yaml else {
            return .json(kept.json(isCurrent: kept.hash == market.ruleSet?.name.hash))
        }
        return Reply(.ok, headers: [.contentType: ValuationService.yaml], body: .bytes(kept.ruleSet.bytes))
    }

    private func putInForce(_ call: Call) async throws -> Reply {
        try call.requireEmptyObject()
        let kept = try await ruleSet(call)
        let origin = Origin(call)
        let reply = try await database.writeRetrying { tx in
            try call.once(in: tx) {
                try RuleSets.putInForce(tx, kept.hash, from: origin)
                return .json(kept.json(isCurrent: kept.ruleSet.effectiveFrom <= tx.now.dateInChina))
            }
        }
        await market.catchUp()
        return reply
    }

    /// By hash, or by version.
    private func ruleSet(_ call: Call) async throws -> KeptRuleSet {
        let name = try call.parameter("version")
        let found = try await database.read { tx in
            if let hash = Digest(hex: name) { return try RuleSetStore.find(tx, hash) }
            return try RuleSetStore.find(tx, version: name)
        }
        guard let found else { throw Failure(.notFound) }
        return found
    }
}

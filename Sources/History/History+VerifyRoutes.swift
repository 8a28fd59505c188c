import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
import Web

extension HistoryService {
    var verifyEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/verify",
                body: .json,
                rateLimit: .verification,
                authorize: Policy.authorize(.verify),
                handler: verify
            )
        ]
    }

    /// Recomputes the stored chain from its bytes and holds it against the hashes that the caller has; of a bundle,
    /// which has a format, nothing but the bundle is looked at.
    private func verify(_ call: Call) async throws -> Reply {
        if call.json["format"] != nil { return try await verifyBundle(call) }
        var reader = try ObjectReader(call.json)
        let vin = reader.value("vin", as: VIN.self)
        let hashes = claimedHashes(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let vin, let hashes else { throw Failure(.invalidRequest) }
        let (entries, keys) = try await database.read { tx in
            let rows = try HistoryStore.entries(tx, vin: vin.text, from: 0, limit: .max)
            return (try HistoryStore.withKnownHashes(tx, rows), try ClaimVerifier.keys(tx, of: rows))
        }
        let verdict = ClaimVerifier(log: histories.log).verify(vin, claimed: hashes, entries, keys: keys)
        return Reply.json(verdict.json(in: call.language))
    }

    private func claimedHashes(_ reader: inout ObjectReader) -> [Digest]? {
        guard let elements = reader.array("hashes", count: 0...VerifyLimits.hashes) else { return nil }
        var hashes: [Digest] = []
        for (index, element) in elements.enumerated() {
            if let hash = element.stringValue.flatMap(Digest.init(hex:)) {
                hashes.append(hash)
            } else {
                reader.faults.add(
                    reader.pointer(to: "hashes") + "/\(index)",
                    "hash_format",
                    zh: "须为 64 位小写十六进制",
                    en: "Must be 64 lower-case hexadecimal digits"
                )
            }
        }
        return hashes
    }
}

enum VerifyLimits {
    /// More than fit into a request body of the largest size.
    static let hashes = 15_000
}

extension ClaimVerdict {
    /// The texts are for people, in the caller's language; programs read `verdict`, `check`, `passed`, `seq`.
    func json(in language: Language) -> JSON {
        let checks: [JSON] =
            isUnknown
            ? []
            : chain.checks.map { $0.json(in: language) } + [
                [
                    "check": "claimed_hashes",
                    "passed": .bool(agreesWithClaim),
                    "detail": JSON(comparison.explanation.text(in: language)),
                ]
            ]
        return [
            "vin": JSON(vin.text),
            "verdict": JSON(verdict),
            "entry_count": JSON(chain.count),
            "head": .optional(chain.head) { JSON($0.hex) },
            "sealed": .array(chain.sealed.map { ["seq": JSON($0.seq), "hash": JSON($0.hash.hex)] }),
            "checks": .array(checks),
        ]
    }
}

extension CheckVerdict {
    func json(in language: Language) -> JSON {
        var members: [JSON.Member] = [
            .init("check", JSON(check.rawValue)),
            .init("passed", .bool(passed)),
            .init("detail", JSON(detail.text(in: language))),
        ]
        if let place {
            members.append(.init("seq", JSON(place.seq)))
            members.append(.init("hash", JSON(place.hash.hex)))
        }
        return .object(members)
    }
}

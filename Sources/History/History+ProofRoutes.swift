import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
import TransparencyLog
import Web

extension HistoryService {
    var proofEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/vehicles/{vin}/proof",
                query: ["as_of"],
                rateLimit: .verification,
                authorize: Policy.authorize(.proofRead),
                handler: proof
            )
        ]
    }

    private func proof(_ call: Call) async throws -> Reply {
        let vin = try call.vin()
        let moment = try moment(call)
        guard let transparency = histories.transparency else { throw Failure(.logNotStarted) }
        let known = try await database.read { try TransparencyLog.vehicle($0, named: vin.text) }
        // Nobody keeps it: whoever asks about cars that nobody has heard of fills no table.
        let vehicle = try known ?? transparency.makeVehicle(named: vin.text)
        let bundle = try await database.read { [histories] tx in
            try histories.proof(tx, vin: vin, vehicle: vehicle, asOf: moment)
        }
        let bytes = bundle.bytes
        return Reply.json(bytes: bytes).revalidated(tag: String(SHA256.hash(bytes).hex.prefix(32)))
    }

    /// Verifies a bundle by the log's own keys, and those that its sources have registered.
    func verifyBundle(_ call: Call) async throws -> Reply {
        guard let transparency = histories.transparency else { throw Failure(.logNotStarted) }
        let verdicts = try await verdicts(on: call.json.bytes, transparency)
        return Reply.json([
            "vin": .optional(call.json["vin"]?.stringValue) { JSON($0) },
            "verdict": verdicts.isGenuine ? "genuine" : "altered",
            "detail": JSON(verdicts.summary.text(in: call.language)),
            "checks": .array(verdicts.map { $0.json(in: call.language) }),
        ])
    }

    private func verdicts(on bytes: [UInt8], _ transparency: TransparencyLog) async throws -> [BundleVerdict] {
        let bundle: ProofBundle
        do throws(BundleError) {
            bundle = try ProofBundle(parsing: bytes)
        } catch {
            return [BundleVerdict(error)]
        }
        return BundleVerifier.verify(bundle, keys: try await keys(of: bundle, transparency))
    }

    private func keys(of bundle: ProofBundle, _ transparency: TransparencyLog) async throws -> BundleKeys {
        let ids = bundle.sourceKeys.map(\.key)
        let registered = try await database.read { tx in
            try ids.compactMap { try SigningKeys.find(tx, id: $0) }
        }
        let lines = transparency.keys.verifierKeys.map { "log \($0.text)" } + ["quorum none"]
        return BundleKeys(
            policy: try LogPolicy(parsing: lines.joined(separator: "\n")),
            vehicles: transparency.keys.vehicles.publicKey,
            sources: registered.map {
                SourceKey(source: $0.organization.text, key: $0.id.text, publicKey: $0.publicKey)
            }
        )
    }
}

extension BundleVerdict {
    func json(in language: Language) -> JSON {
        [
            "check": JSON(code), "outcome": JSON(outcome.rawValue),
            "passed": .bool(outcome == .passed || outcome == .sealed), "detail": JSON(detail.text(in: language)),
        ]
    }
}

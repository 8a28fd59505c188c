import Core
import Cryptography
import Testing

@testable import Ledger

/// The file of keys, as the server prints it.
@Suite struct BundleKeysTests {
    private static let former = TestNotes.signer(TestLog.origin, .ed25519, 31)

    private func printed(_ members: [JSON.Member] = []) -> String {
        let own: [JSON.Member] = [
            .init("origin", JSON(TestLog.origin)), .init("checkpoint_key", JSON(TestLog.signer.verifierKey.text)),
            .init("vehicles_key", JSON(TestLog.vehiclesSigner.verifierKey.text)),
            .init("vrf_public_key", JSON(TestLog.vrf.publicKey.bytes.hex)),
        ]
        return String(decoding: JSON.object(own + members).bytes, as: UTF8.self) + "\n"
    }

    @Test func `what the server prints is a file of keys that asks for no witness`() throws {
        let keys = try BundleKeys(parsing: printed())
        #expect(keys.policy.logs.map(\.key) == [TestLog.signer.verifierKey])
        #expect(keys.policy.witnesses.isEmpty)
        #expect(keys.policy.isSatisfied(by: []))
        #expect(keys.vehicles == TestLog.vrf.publicKey)
    }

    @Test func `a key that is being replaced counts, too`() throws {
        let former = BundleKeysTests.former.verifierKey
        let keys = try BundleKeys(parsing: printed([.init("former_checkpoint_key", JSON(former.text))]))
        #expect(keys.policy.logs.map(\.key) == [TestLog.signer.verifierKey, former])
    }

    @Test func `witnesses may stand below, and their lines keep their numbers`() throws {
        let witnesses = "witness one \(TestLog.witness.verifierKey.text)\nquorum one\n"
        let keys = try BundleKeys(parsing: printed() + witnesses)
        #expect(keys.policy.witnesses.map(\.name) == ["one"])
        #expect(!keys.policy.isSatisfied(by: []))
        let error = #expect(throws: PolicyError.self) { try BundleKeys(parsing: printed() + "quorum two\n") }
        #expect(error?.line == 2)
    }

    @Test(arguments: ["{", "{}", "{\"checkpoint_key\":\"x\",\"vrf_public_key\":\"AB\"}"])
    func `anything else in braces is refused by its line`(text: String) {
        let error = #expect(throws: PolicyError.self) { try BundleKeys(parsing: text) }
        #expect(error?.line == 1)
    }
}

import Core
import Cryptography
import Ledger

/// Verifies as somebody does who knows which car and which log these entries should be of.
func verify(
    _ entries: [StoredEntry],
    vin: String = TestChain.vin,
    log: String = TestChain.log,
    keys: ChainVerifier.SourceKeys = TestChain.sourceKey
) -> ChainVerdict {
    ChainVerifier.verify(entries, vin: vin, log: log, sourceKeys: keys)
}

extension ChainVerdict {
    /// Every check that fails, with the entry that it names: `hash@2 link@3`. Empty where the chain is genuine.
    var failures: String {
        checks.filter { !$0.passed }.map { "\($0.check.rawValue)@\($0.place!.seq)" }.joined(separator: " ")
    }
}

extension TestChain {
    /// The keys of the sources, as a register would give them: the workshop has one, nobody else any.
    static func sourceKey(source: String, key: String) -> Ed25519.PublicKey? {
        source == workshop && key == keyID ? TestChain.key.publicKey : nil
    }
}

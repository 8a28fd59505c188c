import Cryptography
package import TransparencyLog

extension LogKeys {
    /// Keys that everybody knows.
    package static func forTests(origin: String, seeds: [UInt8] = [9]) throws -> LogKeys {
        let signing = try seeds.map { seed in
            try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: seed, count: Ed25519.seedByteCount)))
        }
        let vehicles = try VRF.PrivateKey(seed: SecretBytes([UInt8](repeating: 10, count: VRF.keyByteCount)))
        guard let keys = LogKeys(origin: origin, signing: signing, vehicles: vehicles) else {
            throw NoSuchLog(origin: origin)
        }
        return keys
    }

    private struct NoSuchLog: Error {
        let origin: String
    }
}

import Cryptography
import TransparencyLog

/// The keys of the transparency log: `log.key` signs its checkpoints, `vrf.key` makes what cars go by in it, and while
/// the first is replaced, `log.old.key` signs beside it.
///
/// Made at the first start, unless the operator has put his own there: 32 random bytes each.
struct LogKeyFiles: Sendable {
    let directory: String

    private var current: SecretFile { SecretFile(path: directory + "/log.key") }
    private var former: SecretFile { SecretFile(path: directory + "/log.old.key") }
    private var vehicles: SecretFile { SecretFile(path: directory + "/vrf.key") }

    /// - Parameter isNewLog: nothing was signed yet. Later a key that is missing is not made anew: readers know the old
    ///   one, and every car would get another name.
    /// - Throws: `SettingsError` where one is missing, damaged, or readable by others.
    func load(origin: String, isNewLog: Bool) throws -> LogKeys {
        for (file, count) in [(current, Ed25519.seedByteCount), (vehicles, VRF.keyByteCount)] where !file.exists {
            guard isNewLog else {
                throw SettingsError([
                    "CHEXIN_KEY_DIR: \(file.path) is missing, and the log was made with it. "
                        + "Bring it back from the backup of the keys."
                ])
            }
            try file.write(SecureRandom.bytes(count))
        }
        let signing = try [current, former].filter(\.exists).map { file in
            try Ed25519.PrivateKey(seed: SecretBytes(try file.bytes(count: Ed25519.seedByteCount)))
        }
        let vrf = try VRF.PrivateKey(seed: SecretBytes(try vehicles.bytes(count: VRF.keyByteCount)))
        guard let keys = LogKeys(origin: origin, signing: signing, vehicles: vrf) else {
            throw SettingsError(["CHEXIN_LOG_ORIGIN: no note can hold \"\(origin)\"."])
        }
        return keys
    }

    /// Makes a new key that signs from the next start on, beside the one that signs now.
    /// - Throws: `SettingsError` where another one is being replaced already.
    func rotate() throws {
        guard !former.exists else {
            throw SettingsError([
                "CHEXIN_KEY_DIR: \(former.path) still signs beside the current key. "
                    + "Remove it once every reader knows the current one, and keep a backup."
            ])
        }
        try former.write(try current.bytes(count: Ed25519.seedByteCount))
        try current.write(SecureRandom.bytes(Ed25519.seedByteCount))
    }
}

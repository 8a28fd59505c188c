import Cryptography
import Identity

/// The directory of the server's secrets, apart from the store: whoever has a copy of one has nothing without the
/// other.
struct KeyDirectory {
    let path: String

    init(path: String) {
        self.path = path
    }

    /// Reads the master secret; makes one where there is none yet.
    ///
    /// - Parameter isNewStore: a store that already has keys was made under a master secret: another one would lock
    ///   everybody out, so none is made then.
    /// - Throws: `SettingsError` where it is missing, damaged, or readable by others.
    func material(isNewStore: Bool) throws -> KeyMaterial {
        let master = SecretFile(path: path + "/master.key")
        if !master.exists {
            guard isNewStore else {
                throw SettingsError([
                    "CHEXIN_KEY_DIR: \(master.path) is missing, and the store was made with it. "
                        + "Bring it back from the backup of the keys."
                ])
            }
            try master.write(SecureRandom.bytes(KeyMaterial.masterByteCount))
        }
        return try KeyMaterial(master: SecretBytes(try master.bytes(count: KeyMaterial.masterByteCount)))
    }

    var log: LogKeyFiles { LogKeyFiles(directory: path) }

    var wrapping: WrappingKeyFiles { WrappingKeyFiles(directory: path) }
}

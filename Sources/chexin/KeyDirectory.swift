import Cryptography
import Foundation
import Identity
import Storage

/// The directory of the server's secrets, apart from the store: whoever has a copy of one has nothing without the
/// other.
struct KeyDirectory {
    private let path: String

    init(path: String) {
        self.path = path
    }

    private var masterPath: String { path + "/master.key" }

    /// Reads the master secret; makes one where there is none yet.
    ///
    /// - Parameter isNewStore: a store that already has keys was made under a master secret: another one would lock
    ///   everybody out, so none is made then.
    /// - Throws: `SettingsError` where it is missing, damaged, or readable by others.
    func material(isNewStore: Bool) throws -> KeyMaterial {
        if !FileManager.default.fileExists(atPath: masterPath) {
            guard isNewStore else {
                throw SettingsError([
                    "CHEXIN_KEY_DIR: \(masterPath) is missing, and the store was made with it. "
                        + "Bring it back from the backup of the keys."
                ])
            }
            try makeMaster()
        }
        try refuseOpenPermissions()
        guard let bytes = FileManager.default.contents(atPath: masterPath), bytes.count == KeyMaterial.masterByteCount
        else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(masterPath) must hold \(KeyMaterial.masterByteCount) bytes."])
        }
        return try KeyMaterial(master: SecretBytes(Array(bytes)))
    }

    /// Written aside, synced and renamed, so that a crash leaves either no key or a whole one.
    private func makeMaster() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SettingsError(["CHEXIN_KEY_DIR: the directory \(path) cannot be made."])
        }
        let temporary = masterPath + ".new"
        let file = open(temporary, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard file >= 0 else { throw SettingsError(["CHEXIN_KEY_DIR: \(temporary) cannot be written."]) }
        let bytes = SecureRandom.bytes(KeyMaterial.masterByteCount)
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(temporary, masterPath) == 0, syncDirectory() else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(masterPath) cannot be written."])
        }
    }

    private func syncDirectory() -> Bool {
        let directory = open(path, O_RDONLY | O_DIRECTORY)
        guard directory >= 0 else { return false }
        defer { close(directory) }
        return fsync(directory) == 0
    }

    private func refuseOpenPermissions() throws {
        var status = stat()
        guard stat(masterPath, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(masterPath) must be readable by its owner alone (mode 0600)."])
        }
    }
}

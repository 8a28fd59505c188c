import Foundation

/// A file of the key directory: whole or not there, and readable by its owner alone.
struct SecretFile {
    let path: String

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Throws: `SettingsError` where others may read it, or it has another length.
    func bytes(count: Int) throws -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(path) must be readable by its owner alone (mode 0600)."])
        }
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count == count else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(path) must hold \(count) bytes."])
        }
        return Array(bytes)
    }

    /// Written aside, synced and renamed, so that a crash leaves either what was there or a whole new one.
    func write(_ bytes: [UInt8]) throws {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SettingsError(["CHEXIN_KEY_DIR: the directory \(directory) cannot be made."])
        }
        // Several servers may share the directory.
        let temporary = "\(path).\(getpid()).new"
        let file = open(temporary, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard file >= 0 else { throw SettingsError(["CHEXIN_KEY_DIR: \(temporary) cannot be written."]) }
        let isWritten = Foundation.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(temporary, path) == 0, SecretFile.sync(directory) else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(path) cannot be written."])
        }
    }

    func renamed(to other: String) throws {
        let directory = URL(filePath: other).deletingLastPathComponent().path(percentEncoded: false)
        guard rename(path, other) == 0, SecretFile.sync(directory) else {
            throw SettingsError(["CHEXIN_KEY_DIR: \(path) cannot be renamed."])
        }
    }

    /// So that a new name in the directory survives a power cut, too.
    private static func sync(_ path: String) -> Bool {
        let directory = open(path, O_RDONLY | O_DIRECTORY)
        guard directory >= 0 else { return false }
        defer { close(directory) }
        return fsync(directory) == 0
    }
}

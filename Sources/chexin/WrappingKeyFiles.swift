import Core
import Cryptography
import Foundation

/// The keys that wrap the keys of persons, as files: `wrapping-<id>.key` each, and `wrapping.current`, which names the
/// one that wraps what is new.
///
/// A key that was rotated away ends on `.retired`. It opens what it wrapped as before, for the sake of a backup that
/// is brought back; the operator deletes the file once the last backup from its time is gone.
struct WrappingKeyFiles: Sendable {
    let directory: String

    private static let prefix = "wrapping-"
    private static let inUse = ".key"
    private static let retired = ".retired"

    struct Entry: Sendable, Hashable {
        let id: String
        let isRetired: Bool
        let isCurrent: Bool
    }

    private var current: SecretFile { SecretFile(path: directory + "/wrapping.current") }

    private func file(_ id: String, _ suffix: String) -> SecretFile {
        SecretFile(path: directory + "/" + WrappingKeyFiles.prefix + id + suffix)
    }

    /// In the order of their identifiers.
    func entries() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let currentID = currentID
        return names.sorted().compactMap { name in
            guard name.hasPrefix(WrappingKeyFiles.prefix) else { return nil }
            let rest = name.dropFirst(WrappingKeyFiles.prefix.count)
            for suffix in [WrappingKeyFiles.inUse, WrappingKeyFiles.retired] where rest.hasSuffix(suffix) {
                let id = String(rest.dropLast(suffix.count))
                return Entry(id: id, isRetired: suffix == WrappingKeyFiles.retired, isCurrent: id == currentID)
            }
            return nil
        }
    }

    /// - Throws: `SettingsError` where a file is damaged or readable by others, or none is the current one.
    func load() throws -> WrappingKeys {
        let keys = try entries().map { entry in
            let suffix = entry.isRetired ? WrappingKeyFiles.retired : WrappingKeyFiles.inUse
            let bytes = try file(entry.id, suffix).bytes(count: AEAD.keyByteCount)
            return try WrappingKeys.Key(id: entry.id, secret: SecretBytes(bytes))
        }
        guard let current = keys.first(where: { $0.id == currentID }) else {
            throw SettingsError([
                "CHEXIN_KEY_DIR: \(current.path) must name one of the files wrapping-<id>.key beside it. "
                    + "Bring both back from the backup of the keys."
            ])
        }
        return WrappingKeys(current: current, retired: keys)
    }

    /// Makes a key and lets it wrap whatever is new. The key is on the disk before anything says that it is used.
    func makeCurrent() throws -> String {
        let id = SecureRandom.bytes(WrappingKeyFiles.idByteCount).hex
        try file(id, WrappingKeyFiles.inUse).write(SecureRandom.bytes(AEAD.keyByteCount))
        try current.write(Array(id.utf8))
        return id
    }

    /// Enough that no two are ever the same.
    private static let idByteCount = 8

    func retire(_ id: String) throws {
        try file(id, WrappingKeyFiles.inUse).renamed(to: file(id, WrappingKeyFiles.retired).path)
    }

    /// For a sentence about a key that is not there.
    func path(of id: String) -> String { file(id, WrappingKeyFiles.inUse).path }

    private var currentID: String? {
        FileManager.default.contents(atPath: current.path).map { String(decoding: $0, as: UTF8.self) }
    }
}

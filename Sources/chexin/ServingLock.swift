import Foundation
import StorageSQLite

/// Makes sure that one process alone serves a SQLite file: a server gives answers that it keeps for as long as the
/// store does not change, and would not hear of another's changes.
///
/// An advisory lock on a file beside the store, which the kernel frees when the process is gone, however that ended.
/// The tools do without: they write, and give no kept answers.
final class ServingLock {
    private let descriptor: CInt

    /// - Returns: `nil` where the store is no file: in memory there is one process, and PostgreSQL serves many.
    /// - Throws: `Refused` where another process serves the store; `SettingsError` where there cannot be a lock.
    static func take(_ store: StoreLocation) throws -> ServingLock? {
        guard case .sqlite(.file(let path)) = store else { return nil }
        return try ServingLock(path: URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false))
    }

    private init(path: String) throws {
        let lockPath = path + ".lock"
        let descriptor = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SettingsError(["CHEXIN_DATABASE_URL: the file \(lockPath) cannot be made (\(Self.reason))."])
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let (isTaken, reason) = (errno == EWOULDBLOCK, Self.reason)
            close(descriptor)
            guard isTaken else {
                throw SettingsError(["CHEXIN_DATABASE_URL: the file \(lockPath) cannot be locked (\(reason))."])
            }
            throw Refused(
                message: "Another server serves \(path) already, and a SQLite file has one server only. "
                    + "Stop that one first; to run several, move the store to PostgreSQL: chexin migrate-store"
            )
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private static var reason: String { String(cString: strerror(errno)) }
}

import COpenSSL

package enum CryptographyError: Error, Sendable, Hashable {
    /// A key, seed or public key has another length than its algorithm wants.
    case wrongLength(expected: Int, actual: Int)
    /// What was opened is not what was sealed: another key, other associated data, or bytes that changed.
    case notAuthentic
    /// More bytes than the library's 32-bit lengths can express.
    case tooLong
    /// libcrypto refused what it has no reason to refuse, such as for want of memory.
    case library(operation: String)

    /// Empties this thread's error queue, too: libpq and TLS read the same queue, and would take an error that was left
    /// there for their own.
    static func fromLibrary(_ operation: String) -> CryptographyError {
        ERR_clear_error()
        return .library(operation: operation)
    }
}

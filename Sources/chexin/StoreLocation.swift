import Storage
import StoragePostgres
import StorageSQLite

/// Where the store is, on either engine.
enum StoreLocation: Sendable, Hashable {
    case sqlite(SQLiteLocation)
    case postgres(PostgresLocation)

    init?(url: String) {
        if let location = SQLiteLocation(url: url) {
            self = .sqlite(location)
        } else if let location = PostgresLocation(url: url) {
            self = .postgres(location)
        } else {
            return nil
        }
    }

    /// Nothing of the address is repeated: it may hold a password, and this text ends on a screen.
    static func fault(in url: String) -> String {
        guard url.hasPrefix("postgres") else {
            return "CHEXIN_DATABASE_URL must be sqlite:PATH or postgres://USER@HOST/DATABASE."
        }
        return "CHEXIN_DATABASE_URL must be postgres://USER@HOST/DATABASE?OPTIONS as libpq reads it, "
            + "special characters in a password percent-encoded."
    }

    var dialect: Dialect {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }

    /// Where the server's secrets are kept unless it is said.
    var keyDirectoryBeside: String? {
        guard case .sqlite(.file(let path)) = self else { return nil }
        return path + ".keys"
    }
}

package import Storage

/// The engines that every contract holds for. Another one joins with a line here and one in `TestStore`.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite
    case postgres

    package var dialect: Dialect {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }
}

import Foundation
package import Storage

/// The engines that every contract holds for. Another one joins with a line here and one in `TestStore`.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite
    case postgres

    /// The one that tests run on which are not about engines: `CHEXIN_TEST_ENGINE`, so that all of them can be run on
    /// each.
    package static let usual =
        ProcessInfo.processInfo.environment["CHEXIN_TEST_ENGINE"].flatMap { Engine(rawValue: $0) } ?? .sqlite

    package var dialect: Dialect {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }
}

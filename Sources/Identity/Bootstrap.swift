import Core
package import Cryptography
package import Storage

/// The first way in: an administrator who owes his key to nobody's key.
package enum Bootstrap {
    package struct Administrator: Sendable {
        package let organization: OrganizationID
        /// Shown to the operator once.
        package let key: APIKeyText
    }

    private static let organizationName = "平台运营方"
    private static let keyName = "bootstrap"

    /// Makes the platform's organisation and a key for it.
    ///
    /// - Parameter issueAnotherKey: where there is an administrator already, to let the operator in who has lost his
    /// key.
    /// - Throws: `alreadyBootstrapped` where there is one and no other key was asked for: a script that runs twice must
    ///   not leave keys behind that nobody knows of.
    package static func firstAdministrator(
        _ database: any Database,
        pepper: SecretBytes,
        issueAnotherKey: Bool = false
    ) async throws -> Administrator {
        try await database.writeRetrying { tx in
            let organization = try platform(tx, mayExist: issueAnotherKey)
            let draft = APIKey.Draft(name: keyName)
            let (_, text) = try APIKeys.create(
                tx,
                for: organization,
                draft,
                by: .platform,
                pepper: pepper,
                from: .system
            )
            return Administrator(organization: organization.id, key: text)
        }
    }

    private static func platform(_ tx: any Transaction, mayExist: Bool) throws -> Organization {
        if let created = try Organizations.createPlatform(tx, name: organizationName) { return created }
        guard mayExist, let id = try Organizations.platform(tx) else { throw Failure(.alreadyBootstrapped) }
        return try Organizations.get(tx, id)
    }
}

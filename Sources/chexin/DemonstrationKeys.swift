import Core
import Demonstration
import Foundation

/// Makes the organisations of the fleet and a key for each, once; later runs read the keys from their file.
struct DemonstrationKeys {
    let client: APIClient
    let administrator: String
    let directory: String

    private var path: String { directory + "/keys.json" }

    /// All but the platform itself, which is there already.
    private var organizations: [DemonstrationOrganization] {
        DemonstrationOrganization.all.filter { $0.reporter.role != .admin }
    }

    func make() async throws -> [DemonstrationReporter: String] {
        var keys = read()
        for organization in organizations where keys[organization.reporter] == nil {
            keys[organization.reporter] = try await key(for: organization)
        }
        try write(keys)
        // What only the platform may report is reported with the administrator's own key.
        keys[DemonstrationReporter(.admin, 0)] = administrator
        return keys
    }

    private func key(for organization: DemonstrationOrganization) async throws -> String {
        let made = try await client.post(
            "v1/organizations",
            [
                "kind": JSON(organization.reporter.role.rawValue), "name": JSON(organization.name),
                "uscc": JSON(organization.uscc),
            ],
            key: administrator,
            idempotencyKey: "demonstration-\(organization.reporter.key)"
        )
        guard let id = made.json["id"]?.stringValue else { throw refused(organization, made) }
        let key = try await client.post(
            "v1/organizations/\(id)/api-keys",
            ["name": "demonstration"],
            key: administrator,
            idempotencyKey: "demonstration-key-\(organization.reporter.key)"
        )
        guard let secret = key.json["secret"]?.stringValue else { throw refused(organization, key) }
        return secret
    }

    private func refused(_ organization: DemonstrationOrganization, _ answer: APIClient.Answer) -> Refused {
        let detail = answer.json["detail"]?.stringValue ?? ""
        return Refused(message: "\(organization.name) could not be made: \(answer.status) \(detail)")
    }

    private func read() -> [DemonstrationReporter: String] {
        guard let bytes = FileManager.default.contents(atPath: path), let json = try? JSONParser.parse(Array(bytes))
        else { return [:] }
        return organizations.reduce(into: [:]) { keys, organization in
            keys[organization.reporter] = json[organization.reporter.key]?.stringValue
        }
    }

    private func write(_ keys: [DemonstrationReporter: String]) throws {
        let members = organizations.compactMap { organization in
            keys[organization.reporter].map { JSON.Member(organization.reporter.key, JSON($0)) }
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try Data(JSON.object(members).bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw Refused(message: "\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}

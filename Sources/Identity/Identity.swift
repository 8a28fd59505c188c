package import Core
package import Cryptography
package import Storage

/// What the endpoints of this slice share.
package struct Identity: Sendable {
    package let database: any Database
    package let authenticator: KeyAuthenticator
    package let pepper: SecretBytes

    /// - Parameter pepper: `KeyMaterial.pepper`, the same that `authenticator` has.
    package init(database: any Database, authenticator: KeyAuthenticator, pepper: SecretBytes) {
        self.database = database
        self.authenticator = authenticator
        self.pepper = pepper
    }

    /// `v<version>-<8 hexadecimal digits of the content>`: the version orders what the eye sees, and the content's
    /// digest changes with whatever the resource shows.
    package static func entityTag(version: Int64, _ json: JSON) -> String {
        "v\(version)-\(SHA256.hash(json.bytes).bytes.prefix(4).hex)"
    }
}

// MARK: - Problems

extension ProblemType {
    package static let invalidAPIKey = ProblemType(
        "invalid_api_key",
        .unauthenticated,
        zh: "API 密钥无效",
        en: "The API key is not valid"
    )
    package static let apiKeyExpired = ProblemType(
        "api_key_expired",
        .unauthenticated,
        zh: "API 密钥已过期",
        en: "The API key has expired"
    )
    package static let apiKeyRevoked = ProblemType(
        "api_key_revoked",
        .unauthenticated,
        zh: "API 密钥已吊销",
        en: "The API key has been revoked"
    )
    package static let organizationSuspended = ProblemType(
        "organization_suspended",
        .unauthenticated,
        zh: "该机构已被暂停使用，请联系平台",
        en: "The organisation is suspended; ask the platform"
    )
    package static let organizationExists = ProblemType(
        "organization_exists",
        .conflict,
        zh: "已有同类机构使用该统一社会信用代码",
        en: "An organisation of this kind already has this unified social credit code"
    )
    package static let signingKeyExists = ProblemType(
        "signing_key_exists",
        .conflict,
        zh: "该机构已登记过此公钥",
        en: "The organisation has registered this public key before"
    )
    package static let tooManyKeys = ProblemType(
        "too_many_keys",
        .conflict,
        zh: "有效密钥数量已达上限，请先吊销不用的密钥",
        en: "There are as many active keys as are allowed; revoke one first"
    )
    package static let notASource = ProblemType(
        "not_a_source",
        .conflict,
        zh: "此类机构不上报事件，无需签名公钥",
        en: "Organisations of this kind report no events and have no signing keys"
    )
    package static let platformNotSuspendable = ProblemType(
        "platform_not_suspendable",
        .conflict,
        zh: "平台自身的机构不能暂停",
        en: "The platform's own organisation cannot be suspended"
    )
    package static let readOnlyField = ProblemType(
        "read_only_field",
        .invalid,
        zh: "请求试图修改只读成员",
        en: "The request would change a member that is read-only"
    )
    package static let alreadyBootstrapped = ProblemType(
        "already_bootstrapped",
        .conflict,
        zh: "平台管理员已经存在；如需另发一个密钥，请使用 --another-key",
        en: "There is an administrator already; use --another-key to issue another key"
    )

    /// Every problem above.
    package static let identity: [ProblemType] = [
        invalidAPIKey, apiKeyExpired, apiKeyRevoked, organizationSuspended, organizationExists, signingKeyExists,
        tooManyKeys, notASource, platformNotSuspendable, readOnlyField, alreadyBootstrapped,
    ]
}

extension Identity {
    /// For the catalogue of problems.
    package static let problemTypes = ProblemType.identity
}

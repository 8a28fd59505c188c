import Core
import Cryptography
import Identity
import Storage
import Web

/// What is written to people about their accounts, and where its links lead.
package struct Letters: Sendable {
    private let channel: any MessageChannel
    private let publicURL: String

    /// - Parameter publicURL: where people reach this service, without a slash at its end: `https://chexin.example`.
    package init(channel: any MessageChannel, publicURL: String) {
        self.channel = channel
        self.publicURL = publicURL
    }

    func send(
        _ tx: any Transaction,
        _ kind: MessageKind,
        link token: LinkToken,
        to subject: SubjectID,
        at field: PersonalField,
        in language: Language,
        ttlSeconds: Int64
    ) throws {
        // Behind the mark of a fragment the secret goes into no log of a server or proxy.
        let parameters = ["link": "\(publicURL)/\(kind.page)#\(token.secret)"]
        try send(tx, kind, parameters, to: subject, at: field, in: language, ttlSeconds: ttlSeconds)
    }

    func send(
        _ tx: any Transaction,
        code: String,
        to subject: SubjectID,
        at field: PersonalField,
        in language: Language,
        ttlSeconds: Int64
    ) throws {
        try send(tx, .signInCode, ["code": code], to: subject, at: field, in: language, ttlSeconds: ttlSeconds)
    }

    private func send(
        _ tx: any Transaction,
        _ kind: MessageKind,
        _ parameters: [String: String],
        to subject: SubjectID,
        at field: PersonalField,
        in language: Language,
        ttlSeconds: Int64
    ) throws {
        _ = try channel.send(
            tx,
            Message(kind, to: subject, at: field, parameters, in: language, ttlSeconds: ttlSeconds)
        )
    }
}

extension MessageKind {
    package static let invitation = MessageKind(
        "invitation",
        zh: "【车信】您被邀请加入车信。请在 7 天内打开链接，设置密码并绑定动态验证码：{link}",
        en: "[Chexin] You are invited to join Chexin. Within 7 days, open this link to choose a password and set up "
            + "your authenticator app: {link}"
    )
    package static let secondFactorReset = MessageKind(
        "second_factor_reset",
        zh: "【车信】您的动态验证码已被重置。请在 7 天内打开链接，重新设置密码和动态验证码：{link}",
        en: "[Chexin] Your second factor has been reset. Within 7 days, open this link to choose a password and set up "
            + "your authenticator app anew: {link}"
    )
    package static let passwordLink = MessageKind(
        "password_link",
        zh: "【车信】打开链接设置新密码，30 分钟内有效；如非本人操作，请忽略：{link}",
        en: "[Chexin] Open this link within 30 minutes to choose a new password; if you did not ask for it, do "
            + "nothing: {link}"
    )
    package static let signInCode = MessageKind(
        "sign_in_code",
        zh: "【车信】验证码 {code}，5 分钟内有效。不要告诉任何人，包括自称客服的人。",
        en: "[Chexin] Your code is {code}, for 5 minutes. Tell it to nobody, not to anyone who says he is our staff."
    )
    package static let signInLink = MessageKind(
        "sign_in_link",
        zh: "【车信】打开链接登录，30 分钟内有效，只能用一次：{link}",
        en: "[Chexin] Open this link within 30 minutes to sign in; it works once: {link}"
    )

    /// The page that its link opens.
    fileprivate var page: String {
        switch self {
        case .passwordLink: "new-password"
        case .signInLink: "enter"
        default: "join"
        }
    }
}

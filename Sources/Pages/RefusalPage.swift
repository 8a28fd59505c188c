import Core
import HTTPTypes
import Web

/// What is shown in place of a page.
enum RefusalPage {
    static func reply(_ request: RefusedRequest) -> Reply {
        switch request.failure.type {
        case .stepUpRequired: .seeOther(Destination.stepUp(then: request))
        case let type where type.kind == .unauthenticated: .seeOther(Destination.signIn(request)).signedOut()
        default: page(request)
        }
    }

    /// One that nobody may see says the same as one that does not exist, to the byte.
    private static func page(_ request: RefusedRequest) -> Reply {
        let sheet = Sheet(request)
        let failure = request.failure
        let status = failure.type.status
        var reply = sheet.reply(title(of: failure, sheet)) { page in
            page.element("p", failure.detail.text(in: request.language))
            page.faults(failure.faults, request.language)
            if let seconds = failure.retryAfterSeconds {
                page.element("p", sheet.say("请在 \(seconds) 秒后再试。", "Try again in \(seconds) seconds."))
            }
            if status.code >= 500 {
                page.element(
                    "p",
                    ["class": "soft"],
                    sheet.say("报告问题时请附上：", "When you report this, name: ") + request.requestID
                )
            }
            let home = request.principal == nil ? "/sign-in" : "/dealer"
            page.element("p") { $0.element("a", ["href": home], sheet.say("返回", "Back")) }
        }
        reply.status = status
        return reply
    }

    private static func title(of failure: Failure, _ sheet: Sheet) -> String {
        switch failure.type.kind {
        case .notFound: sheet.say("没有这个页面", "There is no such page")
        case .forbidden: sheet.say("不能这样做", "This is not allowed")
        case .unavailable, .full: sheet.say("暂时无法处理", "Not possible at the moment")
        default: failure.type.title.text(in: sheet.language)
        }
    }
}

/// Where somebody is sent, and from there to where he wanted to go.
enum Destination {
    static let home = "/dealer"

    static func signIn(_ request: RefusedRequest) -> String {
        // Who has never shown a session is told nothing about one.
        let reason = request.failure.type == .unauthenticated ? "" : "&because=\(request.failure.type.code)"
        return "/sign-in?next=\(percentEncoded(wanted(request)))\(reason)"
    }

    static func stepUp(then request: RefusedRequest) -> String {
        "/step-up?next=\(percentEncoded(wanted(request)))"
    }

    /// What was sent with a form is lost: one goes back to the page that it stood on.
    private static func wanted(_ request: RefusedRequest) -> String {
        guard !request.isRead else { return own(request.target) }
        let steps = ["/publish", "/withdraw", "/cancel"]
        for step in steps where request.path.hasSuffix(step) { return own(String(request.path.dropLast(step.count))) }
        if request.path.hasPrefix("/dealer/keys") { return "/dealer/keys" }
        if request.path.hasPrefix("/account") { return "/account" }
        return request.path.hasPrefix("/dealer/") ? own(request.path) : home
    }

    /// A path of ours, or `home` for whatever might lead elsewhere: browsers take `//` and `/\` for another host.
    static func own(_ path: String?) -> String {
        guard let path, path.utf8.count <= maximumBytes, path.hasPrefix("/"), !path.hasPrefix("//"),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return home }
        return path
    }

    private static let maximumBytes = 1000
}

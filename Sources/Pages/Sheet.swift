import Core
import HTTPTypes
import Web

extension Language {
    func say(_ zh: String, _ en: String) -> String { self == .chinese ? zh : en }
}

/// What is the same on every page: head, way around, and who is signed in.
struct Sheet {
    enum Section: Hashable, CaseIterable {
        case stock
        case imports
        case keys
        case account
    }

    let language: Language
    let principal: Principal?
    var section: Section?
    /// The organisation in whose name one is signed in.
    var organization: String?
    /// Where scripts do not run, the page is fetched again this often.
    var refreshSeconds: Int?

    init(_ call: Call, _ section: Section? = nil) {
        language = call.language
        principal = call.principal
        self.section = section
    }

    init(_ request: RefusedRequest) {
        language = request.language
        principal = request.principal
    }

    func say(_ zh: String, _ en: String) -> String { language.say(zh, en) }

    func reply(_ title: String, _ content: (inout HTMLWriter) -> Void) -> Reply {
        Reply(
            .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Sheet.contentSecurityPolicy,
            ],
            body: .bytes(Array(html(title, content).utf8))
        )
    }

    /// Our own style sheet and script, forms to ourselves, and nothing else from anywhere.
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

    func html(_ title: String, _ content: (inout HTMLWriter) -> Void) -> String {
        var page = HTMLWriter()
        page.element("html", ["lang": language.rawValue]) { page in
            page.element("head") { writeHead(title, &$0) }
            page.newline()
            page.element("body") { page in
                page.element("a", ["class": "skip", "href": "#main"], say("跳到正文", "Skip to content"))
                writeHeader(&page)
                page.newline()
                page.element("main", ["id": "main", "tabindex": "-1"]) { page in
                    page.element("h1", title)
                    content(&page)
                }
                page.newline()
                writeFooter(&page)
            }
        }
        return page.html
    }

    private func writeHead(_ title: String, _ page: inout HTMLWriter) {
        page.element("meta", ["charset": "utf-8"])
        page.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        page.element("meta", ["name": "color-scheme", "content": "light dark"])
        page.element("title", "\(title) · 车信")
        page.element("link", ["rel": "icon", "href": PageAssets.icon.path, "type": "image/svg+xml"])
        page.element("link", ["rel": "stylesheet", "href": PageAssets.style.path])
        page.element("script", ["src": PageAssets.script.path, "defer": ""])
        if let refreshSeconds {
            page.element("noscript") { $0.element("meta", ["http-equiv": "refresh", "content": "\(refreshSeconds)"]) }
        }
    }

    private func writeHeader(_ page: inout HTMLWriter) {
        page.element("header", ["class": "top"]) { page in
            page.element("a", ["class": "brand", "href": principal == nil ? "/sign-in" : home], "车信")
            guard principal != nil else { return }
            page.element("nav", ["aria-label": say("主导航", "Main")]) { page in
                page.element("ul") { page in
                    for section in sections {
                        let current = section == self.section ? "page" : nil
                        page.element("li") { page in
                            let link = link(to: section)
                            page.element("a", ["href": link.path, "aria-current": current], link.name)
                        }
                    }
                }
            }
            page.element("div", ["class": "who"]) { page in
                if let organization { page.element("span", ["class": "organization"], organization) }
                page.element("form", ["method": "post", "action": "/sign-out"]) { page in
                    page.element("button", ["class": "plain"], say("退出", "Sign out"))
                }
            }
        }
    }

    private func writeFooter(_ page: inout HTMLWriter) {
        page.element("footer") { page in
            page.element("a", ["href": "/docs"], say("接口文档", "API documentation"))
        }
    }

    private var home: String { sections.contains(.stock) ? "/dealer" : "/account" }

    /// What somebody in this role has anything to do with. Whether he may is decided where he arrives.
    private var sections: [Section] {
        switch principal?.role {
        case .dealer, .admin, .auditor: Section.allCases
        case .workshop, .insurer, .authority: [.keys, .account]
        default: [.account]
        }
    }

    private func link(to section: Section) -> (path: String, name: String) {
        switch section {
        case .stock: ("/dealer", say("库存", "Stock"))
        case .imports: ("/dealer/imports", say("导入", "Imports"))
        case .keys: ("/dealer/keys", say("密钥", "API keys"))
        case .account: ("/account", say("我的账号", "My account"))
        }
    }
}

import Cryptography

/// How the page looks, and the policy that lets a browser apply exactly this and run nothing.
enum DocsStyle {
    /// One column that fits 360 px; colours keep a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3) in both schemes.
    static let css: StaticString = """
        :root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--soft:#f1f3f6;--faint:#4f5358;--link:#0b57a4}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e6ea;--paper:#17181b;--soft:#24262b;--faint:#b3b7bf;--link:#8ab8f0}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--paper);color:var(--ink);line-height:1.6;
        font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
        a{color:var(--link)}
        a:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        h1,h2,h3{line-height:1.3}h2{margin-top:2.5rem;border-bottom:1px solid var(--faint)}h3{margin-top:2rem}
        .en,.note{color:var(--faint)}
        code,pre{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.875rem}
        code{background:var(--soft);border-radius:.2rem;padding:0 .2rem}
        pre{background:var(--soft);border-radius:.3rem;padding:.75rem;overflow-x:auto;overflow-wrap:normal}
        ul{padding-left:1.2rem}li{margin:.25rem 0}
        nav ul,.plain{list-style:none;padding-left:0}
        summary{cursor:pointer}
        .method{font-weight:700}
        """

    /// Only this style sheet, by its digest; no script, no picture, no form, no frame.
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'sha256-\(Base64.encode(SHA256.hash(Array(css.description.utf8)).bytes))'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

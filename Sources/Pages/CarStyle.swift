/// How the page behind the code looks: for a phone in the sun first, wider where there is room, and on paper. It is a
/// sheet of its own, because all that it loads has to be small.
enum CarStyle {
    static let css: StaticString = """
        :root{color-scheme:light dark;--ink:#1c2023;--paper:#f3f5f6;--card:#fff;--line:#d5dade;--soft:#50585f;
        --brand:#0b5c4b;--link:#0a5a8a;--good:#146c3a;--good-back:#e1f3e8;--warn:#7a4b00;--warn-back:#fdf0d5;
        --bad:#a3201b;--bad-back:#fde7e5;--calm:#3b4650;--calm-back:#e8ecef}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9eb;--paper:#14171a;--card:#1d2226;--line:#3a4248;
        --soft:#aab4bb;--brand:#6fd1b4;--link:#84c5ee;--good:#84dba6;
        --good-back:#173626;--warn:#f2c46d;--warn-back:#3a2c0e;
        --bad:#ff9d96;--bad-back:#451b19;--calm:#c6d0d7;--calm-back:#2b3338}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);line-height:1.65;overflow-wrap:anywhere;font-size:1rem;
        font-family:system-ui,-apple-system,"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",
        "Noto Sans SC","WenQuanYi Micro Hei",sans-serif}
        a{color:var(--link)}p{margin:.4rem 0}ul,ol{padding-left:1.3rem}
        h1,h2{line-height:1.3;text-wrap:balance}h1{font-size:1.5rem;margin:.3rem 0 .2rem}
        h2{font-size:1.15rem;margin:0 0 .6rem}
        code,.vin,pre,.hash{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.85em}
        .hash{line-height:1.5}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:.2rem}
        .skip{position:absolute;left:-100vw}.skip:focus{left:.5rem;top:.5rem;background:var(--card);padding:.5rem}
        .soft,caption{color:var(--soft);font-size:.9rem}
        .top{display:flex;align-items:baseline;gap:.75rem;padding:.55rem 1rem;background:var(--card);
        border-bottom:1px solid var(--line)}
        .brand{font-weight:700;font-size:1.2rem;color:var(--brand)}
        main{max-width:64rem;margin:0 auto;padding:.75rem 1rem 2rem}
        main:focus{outline:none}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:.9rem 1rem;
        margin:0 0 .9rem}
        .vin{letter-spacing:.06em;color:var(--soft)}
        .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.2rem,1fr));gap:.5rem 1rem;margin:.7rem 0 0}
        dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-weight:600}

        .seal{border-radius:.7rem;padding:.75rem 1rem .75rem 3.6rem;margin:0 0 .9rem;position:relative;
        background:var(--calm-back);color:var(--calm);border:1px solid currentColor}
        .seal::before{content:"?";position:absolute;left:.9rem;top:.8rem;width:2rem;height:2rem;line-height:2rem;
        text-align:center;border-radius:50%;font-weight:700;background:currentColor;background:var(--calm);
        color:var(--card)}
        .seal strong{font-size:1.1rem;display:block;line-height:1.4}.seal p{margin:.2rem 0 0;font-size:.9rem}
        .seal.waiting::before{content:"…"}.seal.empty::before{content:"✓"}
        .seal.passed{background:var(--good-back);color:var(--good)}
        .seal.passed::before{content:"✓";background:var(--good)}
        .seal.failed{background:var(--bad-back);color:var(--bad);border-width:2px}
        .seal.failed::before{content:"✗";background:var(--bad)}
        button{font:inherit;min-height:2.75rem;padding:.4rem .9rem;margin-top:.5rem;border-radius:.45rem;
        border:1px solid currentColor;background:var(--card);color:inherit}

        .verdict{font-weight:600;padding:.7rem .9rem;border-radius:.5rem;margin:0 0 .7rem;
        background:var(--warn-back);color:var(--warn)}
        .verdict.critical{background:var(--bad-back);color:var(--bad)}
        .verdict.no_known_problem{background:var(--good-back);color:var(--good)}
        .findings{list-style:none;padding:0;margin:0}
        .findings li{padding:.6rem 0 .6rem .8rem;border-left:.3rem solid var(--line);margin:.6rem 0}
        .findings .critical{border-color:var(--bad)}.findings .warning{border-color:var(--warn)}
        .findings strong{margin-right:.5rem}.findings p{margin:.15rem 0}
        .proofs a{display:inline-block;margin-right:.7rem;padding:.1rem 0}
        .group.open summary{color:var(--warn);font-weight:600}
        .open li{border-left-style:dashed;border-color:var(--warn)}
        .denied li{border-color:var(--good)}
        .badge{display:inline-block;font-size:.78rem;font-weight:600;padding:.05rem .5rem;border-radius:1rem;
        white-space:nowrap;background:var(--calm-back);color:var(--calm)}
        .badge:is(.critical,.retracted){background:var(--bad-back);color:var(--bad)}
        .badge:is(.warning,.late,.corrected){background:var(--warn-back);color:var(--warn)}
        summary{cursor:pointer;padding:.35rem 0;color:var(--link)}

        .chart{display:block;width:100%;height:auto}
        .chart text{fill:var(--soft);font-size:27px}.chart .grid{stroke:var(--line)}.chart .axis{stroke:var(--soft)}
        .chart .run{stroke:var(--link);stroke-width:3;fill:none}
        .chart circle{fill:var(--link)}.chart .low{fill:var(--bad)}
        .chart .fall{stroke:var(--bad);stroke-width:5;stroke-dasharray:12 7}
        .chart .band{fill:var(--bad-back)}
        .chart .alarm{fill:var(--bad);stroke:var(--card);stroke-width:2}
        .chart text.alarm{font-weight:700;stroke-width:5;paint-order:stroke;font-size:30px}
        .chart .doubt{fill:none;stroke:var(--warn);stroke-width:4}
        .chart .swap{stroke:var(--soft);stroke-dasharray:3 6;stroke-width:2}
        .readings{width:100%;border-collapse:collapse;font-size:.9rem}
        .readings :is(th,td){text-align:left;padding:.3rem .3rem;border-bottom:1px solid var(--line);font-weight:400}
        .figure,.km{font-variant-numeric:tabular-nums;white-space:nowrap}
        .readings .odd td{color:var(--bad);font-weight:600}

        .events{list-style:none;padding:0;margin:0}
        .event{position:relative;padding:.55rem 0 .7rem 1.2rem;border-left:2px solid var(--line);margin-left:.35rem}
        .event::before{content:"";position:absolute;left:-.42rem;top:1rem;width:.7rem;height:.7rem;border-radius:50%;
        background:var(--soft);border:2px solid var(--card)}
        .event.grave::before{background:var(--bad)}
        .event p{margin:.1rem 0}
        .when{display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline}
        .when time{color:var(--soft);font-variant-numeric:tabular-nums}.when .km{margin-left:auto;font-weight:600}
        .standing{color:var(--warn);font-size:.9rem}
        .original summary{font-size:.82rem;padding:.15rem 0;color:var(--soft)}
        .is-passed .original summary{color:var(--good)}.is-failed .original summary{color:var(--bad);font-weight:700}
        .is-failed{background:var(--bad-back)}
        pre{white-space:pre-wrap;background:var(--calm-back);padding:.6rem;border-radius:.4rem;margin:.3rem 0;
        overflow-wrap:anywhere}
        :target{outline:2px solid var(--link);outline-offset:.2rem;border-radius:.3rem}

        .checks{list-style:none;padding:0;margin:.4rem 0}
        .checks li{padding:.4rem 0 .4rem 2.1rem;position:relative;border-top:1px solid var(--line);font-size:.95rem}
        .mark{position:absolute;left:0;top:.45rem;width:1.5rem;height:1.5rem;line-height:1.5rem;text-align:center;
        border-radius:50%;font-weight:700;background:var(--calm-back);color:var(--calm)}
        .passed>.mark{background:var(--good-back);color:var(--good)}
        .failed>.mark{background:var(--bad);color:var(--card)}li.failed{color:var(--bad);font-weight:600}
        .unchecked>.mark{background:var(--warn-back);color:var(--warn)}
        .qr{display:block;width:9rem;height:auto;background:#fff;border-radius:.5rem}.qr path{fill:#000}
        .keys dd{font-weight:400}.keys div{margin:.5rem 0}
        @media(min-width:56rem){
        main{padding:1.25rem 1.5rem 3rem}h1{font-size:1.9rem}
        .columns{display:grid;grid-template-columns:1fr 1fr;gap:0 1rem;align-items:start}
        .chart text{font-size:17px}.chart text.alarm{font-size:20px}}

        .paper{max-width:46rem;background:var(--card);padding:1.5rem 1.25rem}
        .paper header{display:flex;gap:1rem;justify-content:space-between;align-items:flex-start;
        border-bottom:3px solid var(--brand);padding-bottom:.8rem;margin-bottom:.8rem}
        .paper :is(.wide,.keys){display:block;margin:.3rem 0}
        .paper :is(.wide,.keys) div{display:flex;flex-wrap:wrap;gap:0 1rem;border-bottom:1px solid var(--line);
        padding:.25rem 0;margin:0}
        .paper :is(.wide,.keys) dt{flex:none;min-width:11rem}.paper dd{font-weight:400;min-width:0}
        @page{size:A4;margin:11mm 15mm}
        @media print{
        :root{color-scheme:light;--ink:#111;--paper:#fff;--card:#fff;--line:#bbb;--soft:#444;--brand:#0b5c4b;
        --link:#111;--good:#0c5a2e;--good-back:#fff;--warn:#5f3a00;--warn-back:#fff;--bad:#8f1812;
        --bad-back:#fff;--calm:#222;--calm-back:#fff}
        body{font-size:9pt;line-height:1.4;background:#fff}
        .top,.skip,.screen,button{display:none}
        main,.paper{max-width:none;padding:0;margin:0}
        .card,.event,.seal{break-inside:avoid}
        .paper .checks{columns:2;column-gap:1.2rem;font-size:8pt}.paper .checks li{break-inside:avoid;font-size:8pt;
        display:flex;gap:.4rem;padding:.08rem 0}.paper .mark{position:static;flex:none;width:1.2rem;height:1.2rem;
        line-height:1.2rem}
        .paper .seal{padding-top:.4rem;padding-bottom:.4rem}.paper h1{font-size:1.35rem}
        .paper h2{font-size:1.05rem;margin:.5rem 0 .15rem}
        .paper p{margin:.2rem 0}.paper .facts{margin:.3rem 0;gap:.25rem 1rem}.paper .qr{width:6.6rem}
        .paper header{padding-bottom:.4rem;margin-bottom:.5rem}.paper :is(.wide,.keys) div{padding:.12rem 0}}
        """
}

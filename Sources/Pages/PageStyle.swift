/// How the pages look: one column that fits 360 px, two where there is room. Colours keep a contrast of 4.5 to 1 (WCAG
/// 2.2, 1.4.3) in both schemes, and never say anything alone.
enum PageStyle {
    static let icon: StaticString = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5c4b"/>
        <path d="M8 17l6 6 11-13" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>
        """

    static let css: StaticString = """
        :root{color-scheme:light dark;--ink:#1c2023;--paper:#f6f7f8;--card:#fff;--line:#d5dade;--soft:#50585f;
        --brand:#0b5c4b;--on-brand:#fff;--link:#0a5a8a;--good:#146c3a;--good-back:#e1f3e8;--warn:#7a4b00;
        --warn-back:#fdf0d5;--bad:#a3201b;--bad-back:#fde7e5;--calm:#3b4650;--calm-back:#e8ecef;
        --fresh:#2f9e62;--slow:#d98a00;--overdue:#c8372f}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9eb;--paper:#14171a;--card:#1d2226;--line:#3a4248;--soft:#aab4bb;
        --brand:#6fd1b4;--on-brand:#08261f;--link:#84c5ee;--good:#84dba6;--good-back:#173626;--warn:#f2c46d;
        --warn-back:#3a2c0e;--bad:#ff9d96;--bad-back:#451b19;--calm:#c6d0d7;--calm-back:#2b3338}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);line-height:1.7;overflow-wrap:anywhere;
        font-family:system-ui,-apple-system,"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",
        "Noto Sans SC","WenQuanYi Micro Hei",sans-serif;font-size:1rem}
        :lang(en){line-height:1.55}
        a{color:var(--link)}
        h1,h2{line-height:1.35;text-wrap:balance}
        h1{font-size:1.5rem;margin:.5rem 0 1rem}h2{font-size:1.125rem;margin:1.75rem 0 .6rem}
        p{margin:.5rem 0}ul,ol{padding-left:1.3rem}
        code,.vin,.secret{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.9em}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:.2rem}
        main:focus{outline:none}
        .skip{position:absolute;left:-100vw}.skip:focus{left:.5rem;top:.5rem;background:var(--card);padding:.5rem;z-index:1}
        .soft,.hint,caption{color:var(--soft);font-size:.9rem}
        [hidden]{display:none!important}

        .top{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.25rem;padding:.5rem 1rem;background:var(--card);
        border-bottom:1px solid var(--line)}
        .brand{font-weight:700;font-size:1.2rem;color:var(--brand);text-decoration:none;padding:.4rem 0}
        .top nav{order:3;width:100%}
        .top ul{display:flex;gap:.25rem;list-style:none;margin:0 -.5rem;padding:0;overflow-x:auto}
        .top nav a{display:block;padding:.5rem .6rem;text-decoration:none;color:var(--ink);white-space:nowrap;
        border-bottom:3px solid transparent}
        .top nav a[aria-current]{border-color:var(--brand);font-weight:700}
        .who{margin-left:auto;display:flex;align-items:center;gap:.75rem;min-width:0}
        .organization{color:var(--soft);font-size:.9rem;max-width:11rem;overflow:hidden;text-overflow:ellipsis;
        white-space:nowrap}
        main{max-width:72rem;margin:0 auto;padding:.75rem 1rem 2rem}
        footer{max-width:72rem;margin:0 auto;padding:1rem;font-size:.9rem}

        button,.button{display:inline-block;font:inherit;line-height:1.4;padding:.5rem .9rem;border-radius:.45rem;
        cursor:pointer;min-height:2.75rem;border:1px solid var(--line);background:var(--card);color:var(--ink);text-decoration:none}
        button:hover,.button:hover{border-color:var(--soft)}
        .main:is(button,.button){background:var(--brand);border-color:var(--brand);color:var(--on-brand);font-weight:600}
        .danger{color:var(--bad);border-color:var(--bad)}
        .plain{border:0;background:none;color:var(--link);padding:.4rem;text-decoration:underline;white-space:nowrap}
        button[disabled]{opacity:.6;cursor:default}
        .narrow{max-width:26rem}
        .field,.choice{margin:1rem 0}
        label,legend{font-weight:600;display:block}
        .hint{margin:.1rem 0 .25rem}
        input:not([type=radio],[type=checkbox]),select{font:inherit;width:100%;padding:.5rem .65rem;min-height:2.75rem;
        border:1px solid var(--soft);border-radius:.45rem;background:var(--card);color:var(--ink)}
        input[aria-invalid]{border:2px solid var(--bad)}
        fieldset{border:1px solid var(--line);border-radius:.45rem;margin:1rem 0;padding:.25rem .9rem .5rem}
        .option{display:flex;gap:.6rem;align-items:baseline;font-weight:400;padding:.4rem 0}
        .option input{width:1.15rem;height:1.15rem;flex:none;transform:translateY(.15rem);accent-color:var(--brand)}
        .fault,.faults{color:var(--bad)}.fault{margin:.3rem 0 0;font-weight:600}
        .refusal,.notice,.done{padding:.6rem .9rem;border-radius:.45rem;border-left:.3rem solid;margin:.75rem 0}
        .refusal{background:var(--bad-back);color:var(--bad)}
        .notice{background:var(--warn-back);color:var(--warn)}
        .done{background:var(--good-back);color:var(--good)}
        .refusal p{margin:.15rem 0}
        summary{cursor:pointer;padding:.4rem 0;color:var(--link)}
        details{margin:.5rem 0}

        .badge{display:inline-block;font-size:.8rem;line-height:1.5;font-weight:600;padding:.05rem .5rem;border-radius:1rem;
        white-space:nowrap;background:var(--calm-back);color:var(--calm)}
        .published,.fresh.badge,.completed,.row-created,.row-valid{background:var(--good-back);color:var(--good)}
        .reserved,.slow.badge,.warning,.queued,.validating,.applying{background:var(--warn-back);color:var(--warn)}
        .overdue.badge,.critical,.failed.badge,.row-failed{background:var(--bad-back);color:var(--bad)}
        .card,.cards>li,.empty{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
        padding:.75rem 1rem;margin:0 0 1rem}
        .card h2,.card h2:first-child{margin-top:.1rem}
        .cards{list-style:none;padding:0}.cards>li{margin-bottom:.6rem}.cards p{margin:.2rem 0}
        .empty{text-align:center;padding:1.5rem 1rem}
        .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.6rem 1rem;margin:.5rem 0}
        .facts.wide{grid-template-columns:1fr}
        .facts.wide div{display:flex;justify-content:space-between;gap:1rem;border-bottom:1px solid var(--line);
        padding-bottom:.3rem}
        dt{color:var(--soft);font-size:.9rem}dd{margin:0;font-weight:600}
        .facts.wide dt{flex:none}.facts.wide dd{text-align:end}
        .answer.yes{color:var(--bad)}.answer.not_known,.answer.none{color:var(--warn)}
        .text{white-space:pre-wrap}

        .ageing h2{margin-top:0}
        .bar{display:block;width:100%;height:1.25rem;border-radius:.4rem;background:var(--line)}
        rect.fresh{fill:var(--fresh)}rect.slow{fill:var(--slow)}rect.overdue{fill:var(--overdue)}
        .bands{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:.6rem 0}
        .band{display:block;padding:.4rem .8rem;border:1px solid var(--line);border-left:.4rem solid;
        border-radius:.45rem;background:var(--card);color:var(--ink);text-decoration:none}
        .band.fresh{border-left-color:var(--fresh)}.band.slow{border-left-color:var(--slow)}
        .band.overdue{border-left-color:var(--overdue)}
        .band strong{font-size:1.15rem}
        .band[aria-current]{border-block-color:currentColor;border-right-color:currentColor;font-weight:600}
        .filters{display:grid;grid-template-columns:1fr 1fr;gap:.5rem .75rem;align-items:end;margin:1rem 0}
        .filters .choice{margin:0;min-width:0}.filters label{font-weight:400;font-size:.9rem;color:var(--soft)}
        .under-title{margin-top:-.75rem}
        .stock{width:100%;border-collapse:collapse}
        caption{text-align:left;padding:.25rem 0}
        .vin{color:var(--soft);display:inline-block}
        .figure{font-variant-numeric:tabular-nums}
        .stock th[scope=row]{text-align:left;font-weight:600}.stock th .vin{display:block;font-weight:400}
        .pages{display:flex;gap:1rem;align-items:center;justify-content:center;margin:1rem 0}
        @media(max-width:59.99rem){
        .stock thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        .stock,.stock tbody,.stock caption{display:block}
        .stock tbody tr{display:grid;gap:.35rem .75rem;background:var(--card);
        grid-template-columns:repeat(auto-fit,minmax(8.4rem,1fr));
        border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem;margin-bottom:.6rem}
        .stock th[scope=row],.stock .actions{grid-column:1/-1}
        .stock td{display:block;min-width:0}
        .stock td::before{content:attr(data-label);display:block;color:var(--soft);font-size:.8rem}
        .stock .actions::before{content:none}
        .stock .actions:empty{display:none}
        .stock .actions :is(button,.button){width:100%;text-align:center;max-width:20rem}}

        .checklist{list-style:none;padding:0;margin:.5rem 0}
        .checklist>li{border-top:1px solid var(--line);padding:.35rem 0}
        .checklist p{margin:.1rem 0}.checklist ul{margin:.2rem 0;color:var(--bad);padding-left:2.4rem}
        .mark{display:inline-block;width:1.4rem;height:1.4rem;line-height:1.4rem;text-align:center;border-radius:50%;
        margin-right:.5rem;font-weight:700;background:var(--good-back);color:var(--good)}
        .open .mark{background:var(--bad-back);color:var(--bad)}
        .verdict{font-weight:600;padding:.6rem .9rem;border-radius:.45rem;background:var(--calm-back);color:var(--calm)}
        .verdict.critical{background:var(--bad-back);color:var(--bad)}
        .verdict.warning,.verdict.open_questions,.verdict.nothing_recorded{background:var(--warn-back);color:var(--warn)}
        .verdict.no_known_problem{background:var(--good-back);color:var(--good)}
        .findings{list-style:none;padding:0}.findings li{padding:.35rem 0;border-top:1px solid var(--line)}
        .photo{margin:0 0 1rem}.photo img{width:100%;border-radius:.6rem;display:block}

        .price-figure{font-size:2.2rem;font-weight:700;line-height:1.2;margin:.2rem 0;font-variant-numeric:tabular-nums}
        .price-card .under-title{margin-top:0}.price-card .done{display:inline-block}
        .price-form .fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,14rem),1fr));gap:0 1.25rem;
        align-items:end}
        .price-form .field,.price-form .choice{margin:.6rem 0}
        .waterfall{list-style:none;padding:0;margin:0}
        .step{display:grid;grid-template-columns:1fr auto;gap:0 .75rem;padding:.4rem 0;border-top:1px solid var(--line)}
        .step .bar{grid-column:1/-1;height:.8rem;margin:.15rem 0}.step .soft{grid-column:1/-1}
        .step .figure{font-weight:600;white-space:nowrap}
        .step.total{font-weight:700}.reference rect,.total rect{fill:var(--link)}
        .up rect{fill:var(--fresh)}.down rect{fill:var(--overdue)}
        .scatter{display:block;width:100%;height:auto;max-width:44rem}
        .scatter text{fill:var(--soft);font-size:16px}.scatter circle{fill:var(--link);fill-opacity:.45}
        .scatter .grid{stroke:var(--line)}.scatter .axis{stroke:var(--soft)}
        .scatter .range{stroke:var(--overdue);stroke-width:4}
        .scatter .subject{fill:var(--overdue);stroke:var(--card);stroke-width:2}
        @media(max-width:40rem){.scatter text{font-size:22px}}
        .sales{padding-left:1.1rem}

        progress{width:100%;height:1.25rem;accent-color:var(--brand);display:block}
        .counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(4.5rem,1fr));gap:.5rem;margin:.75rem 0}
        .counts div{background:var(--calm-back);border-radius:.45rem;padding:.35rem .6rem}
        .counts dd{font-size:1.15rem;font-variant-numeric:tabular-nums}
        .counts .bad{background:var(--bad-back)}.counts .bad :is(dt,dd){color:var(--bad)}
        .notes{color:var(--warn)}
        .codes{font-size:1.1rem;padding-left:2.2rem}.codes code{white-space:nowrap}
        .qr{display:block;width:13rem;max-width:100%;height:auto;background:#fff;border-radius:.5rem}
        .qr path{fill:#000}
        .secret{letter-spacing:.03em;user-select:all}
        .whole{display:block;padding:.65rem;border:1px solid var(--soft);border-radius:.45rem;background:var(--card)}
        pre.whole{margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85em}
        .doing{display:flex;flex-wrap:wrap;gap:.5rem;margin:.8rem 0}.url{overflow-wrap:anywhere}
        @media(min-width:48rem){
        .top nav{order:0;width:auto}
        .organization{max-width:20rem}
        main{padding:1.25rem 1.5rem 3rem}footer{padding:1rem 1.5rem}
        .codes{columns:2;max-width:34rem}
        .filters{grid-template-columns:repeat(3,minmax(0,13rem)) auto;justify-content:start}
        }
        @media(min-width:60rem){
        .stock{background:var(--card);border:1px solid var(--line);border-radius:.6rem;border-collapse:separate;border-spacing:0}
        .stock thead th{text-align:left;color:var(--soft);font-size:.85rem;font-weight:600;white-space:nowrap}
        .stock :is(th,td){padding:.55rem .75rem;border-bottom:1px solid var(--line);vertical-align:middle}
        .stock tbody tr:last-child :is(th,td){border-bottom:0}
        .stock td{white-space:nowrap}.stock td.number{white-space:normal;min-width:5.5rem}
        .stock .actions :is(button,.button){min-height:2.25rem;padding:.3rem .75rem}}
        @media(min-width:60rem){.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 1.25rem;align-items:start}}
        @media(prefers-reduced-motion:no-preference){.band,button,.button{transition:border-color .15s}}
        @media print{.top,footer,form,.button{display:none}}
        """
}

/// What the pages do in a browser that runs scripts. Without it every page works, but for two things that nothing else
/// can do: reading what stands behind the mark of a link, and showing how far an upload is.
enum PageScript {
    static let source: StaticString = """
        'use strict';
        const every = (selector, act) => document.querySelectorAll(selector).forEach(act);

        // The secret part of a link: into the form, and out of the address.
        const token = location.hash.slice(1);
        if (token.length > 20) {
          every('form[data-link]', (form) => {
            form.elements.token.value = token;
            form.querySelector('[data-token]').hidden = true;
            history.replaceState(null, '', location.pathname);
            if (form.dataset.link === 'submit') form.requestSubmit();
          });
          every('[data-without-link]', (part) => { part.hidden = true; });
        }

        // What was refused is where one goes on.
        const refusal = document.getElementById('refusal');
        if (refusal) (document.querySelector('[aria-invalid]') || refusal).focus();

        // Nobody publishes twice by a second press.
        every('form[method=post]', (form) => form.addEventListener('submit', () => {
          setTimeout(() => form.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
        }));
        addEventListener('pageshow', () => every('button:disabled', (button) => { button.disabled = false; }));

        // An upload that shows how far it is.
        every('form[data-upload]', (form) => form.addEventListener('submit', (event) => {
          event.preventDefault();
          const bar = document.createElement('progress');
          const text = document.createElement('p');
          bar.max = 100;
          bar.setAttribute('aria-label', form.dataset.upload);
          text.setAttribute('role', 'status');
          text.textContent = form.dataset.upload;
          form.append(bar, text);
          const request = new XMLHttpRequest();
          request.upload.onprogress = (sent) => {
            if (sent.lengthComputable) bar.value = sent.loaded * 100 / sent.total;
          };
          request.onerror = () => {
            bar.remove();
            text.className = 'fault';
            text.textContent = form.dataset.failed;
            form.querySelectorAll('button').forEach((button) => { button.disabled = false; });
          };
          request.onload = () => {
            if (request.status < 400) { location.assign(request.responseURL); return; }
            const answer = new DOMParser().parseFromString(request.responseText, 'text/html');
            document.querySelector('main').replaceWith(answer.querySelector('main'));
            const refused = document.getElementById('refusal');
            if (refused) refused.focus();
            // The form on the new page is sent without us; it works all the same.
          };
          request.open('POST', form.action);
          request.send(new FormData(form));
        }));

        // An import that is under way.
        const progress = document.querySelector('[data-events]');
        if (progress) {
          const grouped = (number) => String(number).replace(/\\B(?=(\\d{3})+$)/g, ',');
          const show = (state) => {
            progress.querySelector('progress').value = state.percent;
            // Said aloud where it changes, so not at every step.
            const spoken = progress.querySelector('[data-percent]');
            if (state.percent - Number(spoken.textContent) >= 10) spoken.textContent = state.percent;
            progress.querySelectorAll('[data-count]').forEach((cell) => {
              const text = grouped(state.counts[cell.dataset.count]);
              const isSpoken = cell.closest('[role=status]');
              if (cell.textContent !== text && (!isSpoken || spoken.textContent === String(state.percent))) {
                cell.textContent = text;
              }
            });
          };
          const poll = () => setTimeout(() => location.reload(), 3000);
          if (window.EventSource) {
            const events = new EventSource(progress.dataset.events);
            events.addEventListener('progress', (event) => show(JSON.parse(event.data)));
            events.addEventListener('finished', () => { events.close(); location.reload(); });
            events.onerror = () => { if (events.readyState === EventSource.CLOSED) poll(); };
          } else { poll(); }
        }
        """
}

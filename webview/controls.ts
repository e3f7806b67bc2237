import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/** The one place that knows the toolkit of form controls: what is registered here is all that components may use. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextArea(),
    vsCodeTextField(),
  );
}

type ControlProps<T> = Omit<preact.HTMLAttributes<HTMLElement>, 'onInput' | 'onChange'> & {
  onInput?: (event: Event & { currentTarget: HTMLElement & { value: string } }) => void;
  onChange?: (event: Event & { currentTarget: HTMLElement & { value: string } }) => void;
  children?: preact.ComponentChildren;
  disabled?: boolean;
} & T;

declare module 'preact' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- JSX knows elements by this namespace alone
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ControlProps<{ appearance?: 'primary' | 'secondary' | 'icon' }>;
      'vscode-dropdown': ControlProps<{ value?: string; position?: 'above' | 'below' }>;
      'vscode-option': ControlProps<{ value?: string; selected?: boolean }>;
      'vscode-text-area': ControlProps<{
        value?: string;
        rows?: number;
        placeholder?: string;
        resize?: 'none' | 'vertical';
      }>;
      'vscode-text-field': ControlProps<{ value?: string; placeholder?: string; size?: number }>;
    }
  }
}
